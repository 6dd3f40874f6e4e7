import { credentials, type Client } from "@grpc/grpc-js";
import { encodeValue } from "../../src/protocol/dynamic-value.ts";
import { providerAddress } from "../../src/protocol/schema.ts";
import { loadProviderService } from "../../src/protocol/service.ts";
import type { State } from "../../src/protocol/value.ts";
import type { EmbeddedProvider } from "../../src/server.ts";

/** A diagnostic, as a client receives it. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly attribute: { readonly steps: readonly object[] } | null;
}

/** The fields of all responses that the tests look at. */
export interface Response {
  readonly diagnostics: readonly Diagnostic[];
  readonly upgraded_state: { readonly msgpack: Buffer };
  readonly provider: {
    readonly block: {
      readonly attributes: readonly { name: string; required: boolean; type: Buffer }[];
    };
  };
  readonly resource_schemas: Readonly<Record<string, { readonly version: number }>>;
}

/** The other side of the plugin protocol: calls a provider as Terraform does. */
export class ProtocolClient {
  readonly #client: Client;

  constructor(provider: EmbeddedProvider) {
    const Client = loadProviderService();
    this.#client = new Client(`unix:${socketOf(provider)}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
  }

  call(method: string, request: object = {}): Promise<Response> {
    type Stub = (request: object, done: (error: Error | null, response: Response) => void) => void;
    const stub = (this.#client as unknown as Record<string, Stub | undefined>)[method];
    return new Promise((resolve, reject) => {
      stub?.call(this.#client, request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  /** Calls ConfigureProvider. */
  configure(config: State): Promise<Response> {
    return this.call("ConfigureProvider", { config: encodeValue(config) });
  }

  /** Calls ValidateResourceConfig. */
  validate(type_name: string, config: State): Promise<Response> {
    return this.call("ValidateResourceConfig", { type_name, config: encodeValue(config) });
  }

  close(): void {
    this.#client.close();
  }
}

/** The path of the socket that a provider listens on. */
export function socketOf({ reattach }: EmbeddedProvider): string {
  const providers = JSON.parse(reattach) as Record<string, { Addr: { String: string } }>;
  return providers[providerAddress]?.Addr.String ?? "";
}

/** The summaries of all diagnostics. */
export function summaries({ diagnostics }: Response): string[] {
  return diagnostics.map(({ summary }) => summary);
}
