import { rmSync } from "node:fs";
import { tmpdir } from "node:os";

/** Removes the temporary files of all unit tests. */
export default function removeTemporaryFolder() {
  rmSync(tmpdir(), { recursive: true, force: true });
}
