// Lists orders (list [<before>]), places one (place <item> <quantity>), or does both repeatedly (watch --every <seconds>).
import { authenticationOf } from "./authentication.mjs";
import { asciiJson, OrdersClient, Refused, Unavailable } from "./orders-client.mjs";
import { watch } from "./watch.mjs";

const usage =
  "usage: orders.mjs list [<before>] | orders.mjs place <item> <quantity> | orders.mjs watch --every <seconds>";
const url =
  /^(https:\/\/[A-Za-z0-9.-]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:([0-5]?[0-9]{1,4}|6[0-5][0-9]{3}))?(\/[A-Za-z0-9._~%/:-]*)?$/;
// of ASCII
const control = /(?![\u0080-\u009f])\p{Cc}/u;
const seconds = /^(0|[1-9]\d{0,4})$/;

/** Wrong settings or a wrong command. The message contains no value, because a value may be a secret. */
class WrongUsage extends Error {}

try {
  await run();
} catch (error) {
  const status = exitStatus(error);
  if (status === undefined) throw error;
  console.error(`orders: ${/** @type {Error} */ (error).message}`);
  process.exitCode = status;
}

async function run() {
  const [command, ...rest] = process.argv.slice(2);
  const [first = "", second = ""] = rest;
  if (command === "list" && rest.length === 0) {
    console.log(asciiJson(await client().list()));
  } else if (command === "list" && rest.length === 1 && /^[0-9a-f-]+$/.test(first)) {
    console.log(asciiJson(await client().list(first)));
  } else if (command === "place" && rest.length === 2 && isItem(first) && isQuantity(second)) {
    console.log(asciiJson(await client().place(first, Number(second))));
  } else if (command === "watch" && rest.length === 2 && first === "--every" && isPause(second)) {
    const ending = new AbortController();
    const end = () => {
      ending.abort();
    };
    process.once("SIGINT", end).once("SIGTERM", end);
    await watch(client(ending.signal), Number(second), ending.signal);
  } else {
    throw new WrongUsage(usage);
  }
}

/** @param {string} text */
function isItem(text) {
  return text !== "" && !control.test(text);
}

/** @param {string} text */
function isQuantity(text) {
  return /^(0|[1-9]\d{0,8})$/.test(text);
}

/** @param {string} text */
function isPause(text) {
  return /^[1-9]\d{0,4}$/.test(text);
}

/**
 * Creates a client from the settings. Throws one WrongUsage that names every problem.
 *
 * @param {AbortSignal} [signal]
 */
function client(signal) {
  /** @type {string[]} */
  const problems = [];
  /**
   * @param {string} name
   * @param {string} [ifMissing]
   */
  const read = (name, ifMissing = "") => {
    const value = process.env[name] || ifMissing;
    if (!value) problems.push(`${name} is not set`);
    else if (control.test(value))
      problems.push(`${name} contains a line break or another control character`);
    else if (name.endsWith("_URL") && !(url.test(value) && URL.canParse(value)))
      problems.push(`${name} has to be a URL that begins with https:// (or http://localhost)`);
    return value;
  };
  const tokenUrl = read("TOKEN_URL");
  const clientId = read("CLIENT_ID");
  const authentication = authenticationOf({ tokenUrl, clientId }, read, (problem) => {
    problems.push(problem);
  });
  const apiUrl = read("API_URL");
  const binding = read("TOKEN_BINDING", "none");
  if (!["none", "dpop"].includes(binding)) problems.push("TOKEN_BINDING has to be dpop, or unset");
  const retrySeconds = process.env.RETRY_SECONDS || "60";
  if (!seconds.test(retrySeconds))
    problems.push("RETRY_SECONDS has to be a number of seconds, from 0 to 99999");
  if (!authentication || problems.length > 0) throw new WrongUsage(problems.join("; "));
  return new OrdersClient({
    ...{ tokenUrl, clientId, authentication, isBound: binding === "dpop", apiUrl },
    retrySeconds: Number(retrySeconds),
    ...(signal && { signal }),
  });
}

/** @param {unknown} error */
function exitStatus(error) {
  if (error instanceof Refused) return 1;
  if (error instanceof WrongUsage) return 2;
  return error instanceof Unavailable ? 3 : undefined;
}
