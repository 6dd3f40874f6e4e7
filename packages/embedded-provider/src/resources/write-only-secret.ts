import { isSame, textOf, type State } from "../protocol/value.ts";
import type { Change } from "../shape/shape.ts";

/** The secret to send; `""` for none. A write-only one is sent only if its version changes: one in the state may be out of date. */
export function writtenSecret({ state, prior, config }: Change): string {
  if (!hasWriteOnlySecret(state)) return textOf(state, "client_secret");
  const isNew = !isSame(prior?.client_secret_wo_version, state.client_secret_wo_version);
  return isNew ? textOf(config, "client_secret_wo") : "";
}

/** Whether the secret is write-only, so that no state may contain it. */
export function hasWriteOnlySecret(state: State): boolean {
  return textOf(state, "client_secret_wo_version") !== "";
}

/** Upgrades a state of schema version 0, in which the version of the secret is a number. */
export function withTextVersion(version: number, state: State): State {
  const secretVersion = state.client_secret_wo_version;
  if (version > 0 || typeof secretVersion !== "number") return state;
  return { ...state, client_secret_wo_version: String(Math.trunc(secretVersion)) };
}
