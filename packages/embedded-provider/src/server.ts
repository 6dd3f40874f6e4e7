import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { diagnosticFor } from "./protocol/diagnostics.ts";
import { loadSchema, providerAddresses } from "./protocol/schema.ts";
import { loadProviderService } from "./protocol/service.ts";
import { Provider, type Response } from "./provider.ts";
import { socketParent } from "./socket-parent.ts";

/** A running embedded provider. */
export interface EmbeddedProvider {
  /** The value of the environment variable `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
  /** Stops the server and removes its socket. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded provider in this process. It listens on a Unix socket that only the current user can open. Terraform
 * attaches to it instead of starting a provider of its own. A process may start several.
 *
 * All provider blocks that attach to one embedded provider share its configuration: start one for each block.
 *
 * @param env the variables that the official provider reads too: KEYCLOAK_URL, KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET,
 *   KEYCLOAK_JWT_TOKEN, KEYCLOAK_JWT_TOKEN_FILE, KEYCLOAK_ACCESS_TOKEN, KEYCLOAK_USER, KEYCLOAK_PASSWORD, KEYCLOAK_BASE_PATH,
 *   KEYCLOAK_REALM, KEYCLOAK_CLIENT_TIMEOUT (seconds) and KEYCLOAK_VERSION; arguments of the provider block override them
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export async function startEmbeddedProvider(env: NodeJS.ProcessEnv): Promise<EmbeddedProvider> {
  const folder = await socketFolder();
  const socket = join(folder, socketName);
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(loadProviderService().service, handlers(new Provider(loadSchema(), env)));
  try {
    await listen(server, socket);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const placeholder = startPlaceholder();
  return {
    reattach: reattachVariable(socket, placeholder.pid),
    async stop() {
      placeholder.end();
      server.forceShutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const socketName = "provider.sock";

function socketFolder(): Promise<string> {
  const prefix = "keycloak-provider-";
  // mkdtemp creates the folder with mode 0700, so no other user can reach the socket in it
  return mkdtemp(join(socketParent(tmpdir(), `${prefix}XXXXXX/${socketName}`), prefix));
}

/**
 * Starts the process that terraform takes for the provider's. Terraform kills it if it cannot connect, so it must not be this
 * process. It only waits for the end of its input, so it ends with this process in any case.
 */
function startPlaceholder(): { pid: number | undefined; end: () => void } {
  const child = spawn("sh", ["-c", "read -r line"], {
    stdio: ["pipe", "ignore", "ignore"],
    // in its own process group, which Ctrl-C does not reach: terraform abandons all requests of a provider whose process ends
    detached: true,
  });
  // without sh there is no pid, and terraform cannot attach
  child.on("error", () => undefined);
  child.unref();
  return { pid: child.pid, end: () => child.stdin.destroy() };
}

function reattachVariable(socket: string, pid: number | undefined): string {
  const place = {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: pid,
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return JSON.stringify(Object.fromEntries(providerAddresses.map((address) => [address, place])));
}

type Request<Method extends Exclude<keyof Provider, "getMetadata" | "getProviderSchema">> =
  Parameters<Provider[Method]>[0];

function handlers(provider: Provider): UntypedServiceImplementation {
  return {
    GetMetadata: unary(() => provider.getMetadata()),
    GetProviderSchema: unary(() => provider.getProviderSchema()),
    GetResourceIdentitySchemas: unary(() => ({})),
    ValidateProviderConfig: unary(() => ({})),
    ValidateResourceConfig: unary((request: Request<"validateResourceConfig">) =>
      provider.validateResourceConfig(request),
    ),
    ValidateDataResourceConfig: unary((request: Request<"refuseDataSource">) =>
      provider.refuseDataSource(request),
    ),
    ReadDataSource: unary((request: Request<"refuseDataSource">) =>
      provider.refuseDataSource(request),
    ),
    ConfigureProvider: unary((request: Request<"configure">) => provider.configure(request)),
    UpgradeResourceState: unary((request: Request<"upgrade">) => provider.upgrade(request)),
    ReadResource: unary((request: Request<"read">) => provider.read(request)),
    PlanResourceChange: unary((request: Request<"plan">) => provider.plan(request)),
    ApplyResourceChange: unary((request: Request<"apply">) => provider.apply(request)),
    ImportResourceState: unary((request: Request<"import">) => provider.import(request)),
    StopProvider: unary(() => ({})),
  };
}

// every error becomes a diagnostic: Terraform shows a failed call as a crash of the provider
function unary<Message>(handle: (request: Message) => Response) {
  return (call: ServerUnaryCall<Message, object>, callback: sendUnaryData<object>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .catch((error: unknown) => ({ diagnostics: [diagnosticFor(error)] }))
      .then((response) => {
        callback(null, response);
      }, callback);
  };
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
