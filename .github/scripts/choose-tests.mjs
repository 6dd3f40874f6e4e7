// node .github/scripts/choose-tests.mjs <base>  prints the tests that the change from the base to HEAD needs, as an output of a step:
//   tests=unit  only the team's own files change, so the product is as it was tested
//   tests=all   everything else; also if there is nothing to compare with
import { spawnSync } from "node:child_process";
import process from "node:process";
import { isTeamsFile } from "./teams-files.mjs";

const [base] = process.argv.slice(2);
// a renamed file counts with both names
const args = ["diff", "--name-only", "-z", "--no-renames", base, "HEAD", "--"];
const { status, stdout } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 100_000_000 });
const names = stdout.split("\0").filter(Boolean);
const isTeams = status === 0 && names.length > 0 && names.every(isTeamsFile);
process.stdout.write(`tests=${isTeams ? "unit" : "all"}\n`);
