import { join } from "node:path";
import { execa } from "execa";
import { freePort } from "../../../../../system/ports.ts";
import { virtualEnvironment } from "../../../../../system/programs/python.ts";
import { until } from "../../until.ts";

/** Creates the environment with moto. @returns the folder with its programs */
export function objectStoreEnvironment(): Promise<string> {
  return virtualEnvironment([join(import.meta.dirname, "requirements.txt")], process.env);
}

/**
 * An S3-compatible object store with one bucket, `states`, which it keeps in memory. It answers the requests of STS, too.
 *
 * @see https://docs.getmoto.org/en/latest/docs/server_mode.html
 */
export class ObjectStore {
  readonly #url: string;
  /** Ends it. */
  readonly close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.#url = url;
    this.close = close;
  }

  /** Starts a store with an empty bucket. */
  static async start(): Promise<ObjectStore> {
    const port = String(await freePort());
    const program = join(await objectStoreEnvironment(), "moto_server");
    const server = execa(program, ["-H", "127.0.0.1", "-p", port], {
      ...{ reject: false, stdio: "ignore" },
    });
    const store = new ObjectStore(`http://127.0.0.1:${port}`, async () => {
      server.kill();
      await server;
    });
    await until("the object store answers", async () => {
      const response = await fetch(store.#bucket, { method: "PUT" }).catch(() => undefined);
      return response?.ok === true;
    });
    return store;
  }

  /**
   * Environment variables with which terraform reaches it. It puts the bucket into the path, because the address has no name. It would not with
   * an address for S3 only.
   */
  get variables(): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: this.#url,
      ...{ AWS_ACCESS_KEY_ID: "tests", AWS_SECRET_ACCESS_KEY: "tests" },
    };
  }

  /** The objects as texts, by key. */
  async objects(): Promise<ReadonlyMap<string, string>> {
    const list = await (await fetch(`${this.#bucket}?list-type=2`)).text();
    const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = ""]) => key);
    const read = async (key: string) => {
      const response = await fetch(`${this.#bucket}/${key}`, { headers: { authorization } });
      if (!response.ok) throw new Error(`the object store has no ${key}: HTTP ${response.status}`);
      return [key, await response.text()] as const;
    };
    return new Map(await Promise.all(keys.map(read)));
  }

  get #bucket(): string {
    return `${this.#url}/states`;
  }
}

/** moto reads who asks, and checks no signature. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=tests/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=none";
