import { endProcessGroup, processGroups } from "../../../system/programs/process-groups.ts";

/** Ends all processes whose command line names a folder. */
export async function endProcessesIn(folder: string): Promise<void> {
  const groups = await processGroups((commandLine) => commandLine.includes(folder));
  await Promise.all(groups.map(endProcessGroup));
}
