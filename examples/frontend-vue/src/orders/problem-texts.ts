import type { ApiProblem, ProblemKind } from "../api/problem.ts";
import type { IconName } from "../components/icons.ts";
import type { Missing, Permission } from "../session/permissions.ts";

/** The message that a user reads about a problem. */
export interface ProblemText {
  readonly icon: IconName;
  readonly heading: string;
  readonly text: string;
}

const actions: Record<Permission, string> = {
  "orders:read": "see orders",
  "orders:write": "create orders",
};

/** The reason why a user may not do something, and whom to ask. */
export function refusal(permission: Permission, missing: Missing): string {
  const action = actions[permission];
  return missing === "role"
    ? `Your account has no role that may ${action}. Ask the administrator of Atlas for one.`
    : `Atlas itself may not ${action}, whoever signs in: it lacks the permission ${permission}. Tell the administrator of Atlas.`;
}

/** The message to a user who may not see orders. */
export function readingRefusal(missing: Missing): ProblemText {
  return { icon: "lock", heading: "You may not see orders", text: refusal("orders:read", missing) };
}

const reading: Record<Exclude<ProblemKind, "forbidden">, ProblemText> = {
  unreachable: {
    icon: "cloud-off",
    heading: "Orders cannot be reached",
    text: "The orders service is not available at the moment. Atlas keeps trying.",
  },
  "sign-in unavailable": {
    icon: "cloud-off",
    heading: "Your sign-in cannot be renewed",
    text: "The sign-in service does not respond at the moment. Atlas keeps trying.",
  },
  "session ended": {
    icon: "clock",
    heading: "Your session has expired",
    text: "Sign in again to continue.",
  },
  "token rejected": {
    icon: "lock",
    heading: "The orders service does not accept your sign-in",
    text: "Try again. If that does not help, sign out and sign in again.",
  },
  "rate limited": {
    icon: "hourglass",
    heading: "Too many requests",
    text: "Atlas will load your orders again in a moment.",
  },
  invalid: {
    icon: "alert",
    heading: "Orders could not be loaded",
    text: "The orders service did not understand the request.",
  },
  unexpected: {
    icon: "alert",
    heading: "Orders could not be loaded",
    text: "Something went wrong in the orders service.",
  },
};

const creating: Record<Exclude<ProblemKind, "forbidden">, string> = {
  unreachable:
    "The orders service is not available. Create the order again in a moment. It will not be ordered twice.",
  "sign-in unavailable":
    "Nothing was ordered: your sign-in could not be renewed because the sign-in service does not respond. Try again in a moment.",
  "session ended": "Nothing was ordered: your session has expired.",
  "token rejected": "Nothing was ordered: the orders service does not accept your sign-in.",
  "rate limited": "Nothing was ordered: there were too many requests in a short time.",
  invalid: "Nothing was ordered.",
  unexpected:
    "Something went wrong. Create the order again in a moment. It will not be ordered twice.",
};

/** The message about orders that cannot be loaded. */
export function readingProblem({ kind, message, missing }: ApiProblem): ProblemText {
  if (kind === "forbidden") return readingRefusal(missing);
  const detail = hasDetail(kind) ? message : "";
  const problem = reading[kind];
  if (detail === "") return problem;
  return { ...problem, text: `${problem.text} The service says: ${detail}` };
}

/** The message about an order that was not created. */
export function creatingProblem({ kind, message, missing }: ApiProblem): string {
  if (kind === "forbidden") return `Nothing was ordered. ${refusal("orders:write", missing)}`;
  const detail = hasDetail(kind) ? message : "";
  return detail === "" ? creating[kind] : `${creating[kind]} The service says: ${detail}`;
}

function hasDetail(kind: ProblemKind): boolean {
  return kind === "invalid" || kind === "unexpected" || kind === "unreachable";
}

/** Whether the same request may succeed later. */
export function passes({ kind }: ApiProblem): boolean {
  return kind === "unreachable" || kind === "sign-in unavailable" || kind === "rate limited";
}
