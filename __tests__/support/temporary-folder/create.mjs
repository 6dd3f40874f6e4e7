import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lets all unit tests create their temporary files in one folder: cdktf's own helper for tests removes none. */
export default function createTemporaryFolder() {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "unit-tests-"));
}
