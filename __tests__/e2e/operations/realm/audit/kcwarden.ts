import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { execa } from "execa";
import { TemporaryFolder } from "../../../../../system/temporary-folder.ts";
import { virtualEnvironment } from "../../../../../system/programs/python.ts";

/** Creates the environment with kcwarden. @returns the folder with its programs */
export function auditEnvironment(): Promise<string> {
  return virtualEnvironment([join(import.meta.dirname, "requirements.txt")], process.env);
}

/**
 * Audits an export of a realm with kcwarden. The export has no secrets and no users.
 *
 * @returns the findings as `check entity`, sorted
 * @see https://iteratec.github.io/kcwarden/
 */
export async function audit(admin: KcAdminClient, realm: string): Promise<string[]> {
  await using folder = await TemporaryFolder.create();
  const file = join(folder.path, "realm.json");
  const parts = { exportClients: true, exportGroupsAndRoles: true };
  await writeFile(file, JSON.stringify(await admin.realms.export({ realm, ...parts })));
  const config = join(import.meta.dirname, "kcwarden.yaml");
  const { stdout } = await execa(join(await auditEnvironment(), "kcwarden"), [
    ...["audit", "--config", config, "--format", "json", file],
  ]);
  const findings = JSON.parse(stdout) as { reporting_auditor: string; entity: string }[];
  const named = findings.map(({ reporting_auditor, entity }) => `${reporting_auditor} ${entity}`);
  return [...new Set(named)].sort();
}
