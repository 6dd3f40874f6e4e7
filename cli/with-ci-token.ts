import { join } from "node:path";
import { execa } from "execa";
import { loadEnvironment } from "../configuration/environment.ts";
import { CiTokenFile } from "../operations/keycloak/login/ci-token.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { UnavailableError } from "../text/errors.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run --silent with-ci-token",
    description:
      "Runs a command that logs in to Keycloak with the token of this job of GitHub Actions. With KEYCLOAK_CLIENT_SECRET, it only runs it.",
    example: "npm run --silent plan",
  })
    .argument("<command...>", "the command with its arguments")
    .passThroughOptions()
    .allowUnknownOption()
    .action(async ([program = "", ...args]) => {
      const {
        ACTIONS_ID_TOKEN_REQUEST_URL: url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
        // the command gets a token for Keycloak, and cannot get others
        ...others
      } = variables;
      const run = async (more: NodeJS.ProcessEnv): Promise<void> => {
        const child = execa(program, args, {
          env: { ...others, ...more },
          extendEnv: false,
          stdio: "inherit",
          reject: false,
          cancelSignal: interrupted,
          // it ends in its own time: terraform must not be killed
          forceKillAfterDelay: false,
          killSignal: "SIGINT",
        });
        process.exitCode = (await child).exitCode ?? 1;
      };
      if (variables.KEYCLOAK_CLIENT_SECRET) return run({});
      if (!url || !token)
        throw new UnavailableError(
          "there is no login; give the job the permission id-token: write, or its environment the secret KEYCLOAK_CLIENT_SECRET",
        );
      const { baseUrl } = loadEnvironment(variables);
      await using folder = await TemporaryFolder.create();
      const path = join(folder.path, "token");
      const realm = variables.KEYCLOAK_REALM || "master";
      using file = await CiTokenFile.create(path, { url, token }, { baseUrl, realm });
      await run({ KEYCLOAK_JWT_TOKEN_FILE: file.path });
    }),
);
