const names: ReadonlySet<string> = new Set([
  ...["PATH", "HOME", "USER", "SHELL", "TMPDIR", "TMP", "TEMP", "LANG", "TZ", "TERM"],
  ...["NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"],
  ...["http_proxy", "https_proxy", "all_proxy", "no_proxy"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
  ...["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"],
  // what a declaration may depend on
  ...[
    "REALM_ENV",
    "KEYCLOAK_URL",
    "KEYCLOAK_BASE_PATH",
    "CUSTOMERS_FILE",
    "TODAY",
    "SHARDS",
    "SHARDS_ONLY",
  ],
]);

const families = [
  /^(LC|XDG|SSL_CERT)_/,
  /^npm_config_(?!.*(auth|token|password|secret|otp|key))/i,
] as const;

/**
 * The environment variables that are known to hold no credentials. Programs get only these if other people's code runs in them, or
 * decides what they do: `main.ts`, the install scripts of packages, Git with its filters. A proxy's address is passed on with its login.
 */
export function withoutCredentials(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => names.has(name) || families.some((family) => family.test(name)),
    ),
  );
}
