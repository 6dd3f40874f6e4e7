import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { inSession, synthesisVariables } from "../local/session.ts";
import { synthesize } from "../terraform/synthesize.ts";
import { inTemporaryFolder } from "../terraform/temporary.ts";
import { terraform } from "../terraform/terraform.ts";
import { ExplainedError } from "../text/errors.ts";
import { command } from "./command.ts";

await command(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0)
    throw new ExplainedError(2, "name the lock, by the ID that the message about it says");
  const environment = loadEnvironment();
  await inTemporaryFolder(async (outdir) => {
    const synthesis = await synthesize(outdir, await synthesisVariables(environment));
    await inSession(synthesis, environment, ({ workspace }) =>
      terraform(workspace, ["force-unlock", "-force", id]),
    );
  });
  console.log("the state is unlocked");
});
