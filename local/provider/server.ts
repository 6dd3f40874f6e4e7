/**
 * The embedded Terraform provider: stands in for keycloak/keycloak where there is no way to the Terraform registry.
 * Terraform attaches to it instead of starting a program of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

import { fromError } from "./diagnostics.ts";
import { Provider, type Answer } from "./provider.ts";
import { loadSchema, PROVIDER_ADDRESS } from "./schema.ts";

/** A running provider. */
export interface EmbeddedProvider {
  /** Value for the environment variable TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** Ends the server and removes its socket. */
  stop(): Promise<void>;
}

/**
 * Starts a provider in this process, on a Unix socket that only this user can open. A process may start several.
 * One of them is for one provider block: Terraform configures each block's instance, and here they are the same.
 *
 * @param env Where the provider finds KEYCLOAK_URL, KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, KEYCLOAK_USER,
 *   KEYCLOAK_PASSWORD, KEYCLOAK_BASE_PATH, KEYCLOAK_REALM, KEYCLOAK_CLIENT_TIMEOUT and KEYCLOAK_VERSION, as the
 *   official provider does; arguments of the provider block win.
 */
export async function startEmbeddedProvider(
  env: NodeJS.ProcessEnv = process.env,
): Promise<EmbeddedProvider> {
  // mkdtemp makes the folder 0700, and with it the socket private.
  const folder = await mkdtemp(join(tmpdir(), "keycloak-provider-"));
  const socket = join(folder, "provider.sock");
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(loadService(), implement(new Provider(loadSchema(), env)));
  try {
    await listen(server, socket);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
  const reattach = {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return {
    reattach: JSON.stringify({ [PROVIDER_ADDRESS]: reattach }),
    async stop() {
      server.forceShutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function loadService(): ServiceClientConstructor["service"] {
  const file = join(import.meta.dirname, "tfplugin6.proto");
  const definition = loadSync(file, {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
  });
  const { tfplugin6 } = loadPackageDefinition(definition) as unknown as {
    tfplugin6: { Provider: ServiceClientConstructor };
  };
  return tfplugin6.Provider.service;
}

function implement(provider: Provider): UntypedServiceImplementation {
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

type Request<Method extends Exclude<keyof Provider, "getMetadata" | "getProviderSchema">> =
  Parameters<Provider[Method]>[0];

// Whatever goes wrong becomes a diagnostic: Terraform shows a failed call as a crash of the provider.
function unary<Message>(handle: (request: Message) => Answer) {
  return (call: ServerUnaryCall<Message, object>, callback: sendUnaryData<object>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .catch((thrown: unknown) => ({ diagnostics: [fromError(thrown)] }))
      .then((answer) => {
        callback(null, answer);
      }, callback);
  };
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (failure) => {
      if (failure === null) resolve();
      else reject(failure);
    });
  });
}
