import { stateFolder } from "../system/folders.ts";
import { withLock } from "../system/lock.ts";

/**
 * Does some work on the local Keycloak while no other command of this checkout starts, stops or deletes it.
 *
 * @throws UnavailableError if another command does so for more than 12 s
 */
export function withCheckoutLock<T>(work: () => Promise<T>, interrupted?: AbortSignal): Promise<T> {
  const another = "another npm start, demo, stop or reset is running in this checkout";
  const options = {
    waiting: `${another}; waiting for it …`,
    busy: `${another}; run this again when it is done`,
    interrupted,
  };
  // next to the folder, because npm run reset deletes the folder
  return withLock(`${stateFolder}.lock`, options, work);
}
