import { expect, test } from "@jest/globals";
import { oldServerWarning } from "../../../../operations/keycloak/login/server-version.ts";

test.each(["26.7.0", "26.6.12", "25.10.9", "9.0.3", "26.7.0.redhat-00001", "26.7.0-SNAPSHOT"])(
  "warns of Keycloak %s, which does not confine manage-clients",
  (version) => {
    expect(oldServerWarning(version)).toBe(
      `warning: Keycloak ${version} does not confine manage-clients: whoever has it can become realm administrator (CVE-2026-4629); update Keycloak to 26.7.1 or later`,
    );
  },
);

test.each([
  ...["26.7.1", "26.7.4", "26.10.0", "27.0.0", "26.7.4.redhat-00001", "999.0.0-SNAPSHOT"],
  ...["", "nightly", undefined],
])("does not warn of the version %s", (version) => {
  expect(oldServerWarning(version)).toBeUndefined();
});
