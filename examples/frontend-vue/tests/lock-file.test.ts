import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8")) as {
    dependencies: object;
    devDependencies: object;
    packages: Record<string, { resolved?: string }>;
  };

test("the lock file fits package.json, and names no registry", () => {
  const { dependencies, devDependencies } = read("package.json");
  const { packages } = read("package-lock.json");
  expect(packages[""]).toMatchObject({ dependencies, devDependencies });
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
