import { relative } from "node:path";

/** Number of suites in the list. Shorter runs need no list. */
const listed = 10;

/** Jest's reporter that lists the slowest suites of a run, and lets it fail if a test printed something. */
export default class Summary {
  #printed = [];

  onTestResult(_, suite) {
    if (suite.console?.length > 0) this.#printed.push(name(suite));
  }

  onRunComplete(_, { testResults }) {
    if (testResults.length > listed) process.stderr.write(slowest(testResults));
    const error = this.getLastError();
    if (error !== undefined) process.stderr.write(`\n${error.message}\n`);
  }

  /** Called by Jest, which exits with status 1 if there is an error. */
  getLastError() {
    if (this.#printed.length === 0) return undefined;
    return new Error(`these tests print to the console: ${this.#printed.join(", ")}`);
  }
}

function slowest(suites) {
  const lines = [...suites]
    .sort((one, other) => seconds(other) - seconds(one))
    .slice(0, listed)
    .map((suite) => `${seconds(suite).toFixed(1).padStart(7)} s  ${name(suite)}\n`);
  return `\nThe slowest suites:\n${lines.join("")}`;
}

function name({ testFilePath }) {
  return relative(process.cwd(), testFilePath);
}

function seconds({ perfStats }) {
  return (perfStats.end - perfStats.start) / 1_000;
}
