/** Sends `examples/backend-flask` 200 requests per second for 30 s. Each has a customer's token to verify. */
import { prepareBackend, startBackend } from "../local/demo/backend.ts";
import { frontendUrl, participantsIn } from "../local/demo/participants.ts";
import { administratorLogin, ensureLogins } from "../local/logins.ts";
import { demoSettings, startDemoRealm } from "../local/demo/settings.ts";
import type { Started } from "../local/start.ts";
import { adminClient } from "../operations/keycloak/login/admin.ts";
import { deployedClient } from "../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, requestToken } from "../operations/keycloak/token.ts";
import { needTerraform } from "../operations/terraform/program.ts";
import { freePort } from "../system/ports.ts";
import { TemporaryFolder } from "../system/temporary-folder.ts";
import { FailedError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { load } from "../__tests__/e2e/support/servers/load.ts";

const rate = 200;
const seconds = 30;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    interruption.abort();
  });

const settings = await demoSettings(process.env);
await needTerraform(settings.variables);
await prepareBackend(settings.variables);
await run();

// in a function: esbuild moves a module with `await using` into a block, which hides its constants from its functions
async function run(): Promise<void> {
  await using started = await startDemoRealm(settings, {
    interrupted: interruption.signal,
    progress: {
      onKeycloak: () => undefined,
      onPlanned: () => undefined,
      onDone: () => undefined,
      onRotated: () => undefined,
    },
  });
  await measure(started);
}

async function measure({ declaration, baseUrl }: Started): Promise<void> {
  const { environment, variables } = settings;
  const { realm } = declaration;
  const { api, customers } = participantsIn(declaration);
  const clientId = customers[0]?.id ?? "";
  const admin = await adminClient(administratorLogin(baseUrl, await ensureLogins()));
  const clientSecret = (await deployedClient(admin, realm, clientId))?.secret ?? "";
  const issuer = issuerOf(baseUrl, realm);
  const answer = await requestToken({ issuer, clientId, clientSecret });
  if ("error" in answer) throw new FailedError(`cannot get a customer's token: ${answer.error}`);

  await using folder = await TemporaryFolder.create();
  const port = await freePort();
  const frontendOrigin = frontendUrl(environment).origin;
  const rateLimit = "1000000 per minute";
  const dataFolder = folder.path;
  const backend = await startBackend(
    { port, issuer, audience: api, frontendOrigin, dataFolder, rateLimit, variables },
    () => undefined,
  );
  try {
    console.log(`${rate} requests per second for ${seconds} s …`);
    const result = await load(`http://127.0.0.1:${port}/orders`, answer.token, rate, seconds);
    const { requests, errors, statuses, p50, p95, p99 } = result;
    const others = requests - errors - (statuses["200"] ?? 0);
    console.log(
      table([
        ["requests", "in", "errors", "not 200", "p50", "p95", "p99"],
        [
          String(requests),
          `${result.seconds.toFixed(1)} s`,
          ...[errors, others].map(String),
          ...[p50, p95, p99].map((time) => `${time.toFixed(1)} ms`),
        ],
      ]),
    );
  } finally {
    await backend.stop();
  }
}
