import type { ApiProblem, ProblemKind } from "../api/problem.ts";
import type { IconName } from "../components/icons.ts";

/** What a user reads about a problem. */
export interface ProblemText {
  readonly icon: IconName;
  readonly heading: string;
  readonly text: string;
}

const reading: Record<ProblemKind, ProblemText> = {
  unreachable: {
    icon: "cloud-off",
    heading: "Orders cannot be reached",
    text: "The orders service is not available at the moment. Atlas keeps trying.",
  },
  "sign-in unavailable": {
    icon: "cloud-off",
    heading: "Your sign-in cannot be renewed",
    text: "The sign-in service does not answer at the moment. Atlas keeps trying.",
  },
  "session ended": {
    icon: "clock",
    heading: "Your session has expired",
    text: "Sign in again to go on.",
  },
  "token rejected": {
    icon: "lock",
    heading: "The orders service does not accept your sign-in",
    text: "Try again; if that does not help, sign out and in again.",
  },
  forbidden: {
    icon: "lock",
    heading: "You may not see orders",
    text: "Your account lacks the permission orders:read. Ask whoever manages Atlas for it.",
  },
  "rate limited": {
    icon: "hourglass",
    heading: "Too many requests",
    text: "Atlas loads your orders again in a moment, by itself.",
  },
  invalid: {
    icon: "alert",
    heading: "Orders could not be loaded",
    text: "The orders service did not understand the request.",
  },
  unexpected: {
    icon: "alert",
    heading: "Orders could not be loaded",
    text: "Something went wrong at the orders service.",
  },
};

const creating: Record<ProblemKind, string> = {
  unreachable:
    "The orders service is not available. Refresh your orders to see whether this one has arrived, before you create it again.",
  "sign-in unavailable":
    "Nothing was ordered: your sign-in could not be renewed, because the sign-in service does not answer. Try again in a moment.",
  "session ended": "Nothing was ordered: your session has expired.",
  "token rejected": "Nothing was ordered: the orders service does not accept your sign-in.",
  forbidden:
    "Nothing was ordered: your account lacks the permission orders:write. Ask whoever manages Atlas for it.",
  "rate limited": "Nothing was ordered: these were too many requests in a short time.",
  invalid: "Nothing was ordered.",
  unexpected:
    "Something went wrong. Refresh your orders to see whether this one has arrived, before you create it again.",
};

/** Why orders are not shown. */
export function readingProblem({ kind, message }: ApiProblem): ProblemText {
  const said = kind === "invalid" || kind === "unexpected" || kind === "unreachable" ? message : "";
  const told = reading[kind];
  return said === "" ? told : { ...told, text: `${told.text} It says: ${said}` };
}

/** Why an order was not created. */
export function creatingProblem({ kind, message }: ApiProblem): string {
  const said = kind === "invalid" || kind === "unexpected" || kind === "unreachable" ? message : "";
  return said === "" ? creating[kind] : `${creating[kind]} The service says: ${said}`;
}

/** Whether trying again may help, without anything else being done. */
export function passes({ kind }: ApiProblem): boolean {
  return kind === "unreachable" || kind === "sign-in unavailable" || kind === "rate limited";
}
