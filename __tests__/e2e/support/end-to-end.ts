/** A Keycloak that run.ts booted. */
export interface Server {
  /** Its address without the base path. */
  readonly url: string;
  readonly basePath: string;
  readonly administrator: { readonly username: string; readonly password: string };
}

/** What run.ts hands to the tests. */
export interface EndToEnd {
  readonly root: Server;
  readonly auth: Server;
  /** Whether terraform init gets the official provider. */
  readonly official: boolean;
}

/** What run.ts booted for this run. */
export function endToEnd(): EndToEnd {
  const { END_TO_END } = process.env;
  if (END_TO_END === undefined) throw new Error("run the end-to-end tests by npm run test:e2e");
  return JSON.parse(END_TO_END) as EndToEnd;
}

/** The providers that a test runs on: the official one too, where terraform init gets it. */
export function onProviders(): readonly ("embedded" | "official")[] {
  return endToEnd().official ? ["embedded", "official"] : ["embedded"];
}
