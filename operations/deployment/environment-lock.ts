import { stateFolder } from "../../system/folders.ts";
import { withLock } from "../../system/lock.ts";

/**
 * Does some work on an environment while no other command of this checkout plans or deploys to it.
 *
 * @param environment the environment's name
 * @throws UnavailableError if another command does so for more than 12 s
 */
export function withEnvironmentLock<T>(
  environment: string,
  interrupted: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const another = `another command is working on the environment "${environment}" in this checkout`;
  const options = {
    waiting: `${another}; waiting for it …`,
    busy: `${another}; run this again when it is done`,
    interrupted,
  };
  // next to the folder, because npm run reset deletes the folder
  return withLock(`${stateFolder}.${environment}.lock`, options, work);
}
