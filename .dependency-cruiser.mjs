/** The tower: imports point down only. `npm run lint` checks it; docs/adr/0009-one-straight-tower.md explains it. */
const floors = ["cli", "local", "operations", "configuration", "constructs", "(system|text)"];

/** @param {number} index */
const upwards = (index) => ({
  name: `${floors[index].replace(/[()]/g, "").replace("|", "-and-")}-imports-downwards`,
  comment: `imports point down only: ${floors.join(" → ")}`,
  severity: "error",
  from: { path: `^${floors[index]}/` },
  to: { path: `^(${[...floors.slice(0, index), "main", "bench", "__tests__"].join("|")})[/.]` },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...floors.map((_, index) => upwards(index)),
    {
      name: "no-circle",
      comment:
        "two files that import each other, type imports included, are one thing or have a third in common",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "local-is-for-this-machine",
      comment:
        "commands for production import of local/ only choose-keycloak.ts, which chooses between the local Keycloak and a remote one",
      severity: "error",
      from: {
        path: "^cli/",
        pathNot: "^cli/(start|shared/progress/start-progress|stop|reset|demo)\\.ts$",
      },
      to: { path: "^local/", pathNot: "^local/choose-keycloak\\.ts$" },
    },
    {
      name: "packages-and-examples-import-nothing-of-the-tower",
      comment: "packages/ and examples/ import nothing of the tower, except the demo's declaration",
      severity: "error",
      from: { path: "^(packages|examples)/", pathNot: "^examples/declaration/main\\.ts$" },
      to: { path: `^(${floors.join("|")}|main|bench|__tests__)[/.]` },
    },
    {
      name: "examples-and-benchmarks-can-be-deleted",
      comment: "nothing imports examples/ and bench/, so that a team can delete both",
      severity: "error",
      from: { pathNot: "^(examples|bench)/" },
      to: { path: "^(examples|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "packages/provider-keycloak/lib"] },
    exclude: { path: "^(cdktf\\.out|examples/frontend-vue/dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
