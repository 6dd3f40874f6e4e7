import { arch, cpus, platform, release, totalmem } from "node:os";
import { basename } from "node:path";
import bindings from "@cdktf/provider-keycloak/package.json" with { type: "json" };
import type { BenchKeycloak } from "./server.ts";

/** Processor, cores, memory and operating system of this machine. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores of ${cpu?.model ?? "an unknown processor"}, ${gigabytes} GB, ${platform()} ${release()} ${arch()}`;
}

/**
 * Versions of everything that takes part.
 *
 * @param terraform Terraform or OpenTofu with its version, such as `Terraform 1.11.4`
 * @param jar the file of keycloak-config-cli, if it takes part
 */
export async function versions(
  { admin }: BenchKeycloak,
  terraform: string,
  jar: string | undefined,
): Promise<Record<string, string>> {
  const { systemInfo } = await admin.serverInfo.find();
  const [product = "", version = ""] = terraform.split(" ");
  return {
    Keycloak: systemInfo?.version ?? "unknown",
    Java: systemInfo?.javaVersion ?? "unknown",
    "keycloak/keycloak": bindings.cdktf.provider.version,
    [product]: version,
    Node: process.versions.node,
    ...(jar !== undefined && {
      "keycloak-config-cli": /\d+(\.\d+)+/.exec(basename(jar))?.[0] ?? basename(jar),
    }),
  };
}
