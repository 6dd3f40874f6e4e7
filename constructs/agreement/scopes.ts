import type { PlacedProblem } from "../../text/findings/problem-list.ts";
import type { Access } from "../declaration.ts";
import { audienceScopeName } from "../names/audience-scope-name.ts";
import { audienceMapperType, scopeType } from "../names/resource-types.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack.ts";

/**
 * Problems of the client scopes that give access. An audience scope has one mapper, which adds its API to `aud`. A permission scope has
 * none, and appears in a token's `scope`.
 */
export function scopeProblems(stack: SynthesizedStack, apis: Access): PlacedProblem[] {
  const scopes = new Map(stack.ofType(scopeType).map((scope) => [scope.values.name, scope]));
  return Object.entries(apis).flatMap(([api, permissions]) => [
    ...audienceProblems(stack, scopes.get(audienceScopeName(api)), api),
    ...permissions.flatMap((permission) => permissionProblems(stack, scopes.get(permission))),
  ]);
}

function audienceProblems(
  stack: SynthesizedStack,
  scope: SynthesizedResource | undefined,
  api: string,
): PlacedProblem[] {
  if (!scope) return [];
  const added = addedTo(scope, stack);
  const isAudience = ({ type, values }: SynthesizedResource) =>
    type === audienceMapperType &&
    stack.resolved(values.included_client_audience) === api &&
    values.included_custom_audience === undefined &&
    values.add_to_access_token !== false;
  const message = `the scope does not add the API "${api}" to aud, although that is declared`;
  return [
    ...(added.some(isAudience) ? [] : [{ place: constructPath(scope), message }]),
    ...tooMuch(added.filter((resource) => !isAudience(resource))),
  ];
}

function permissionProblems(
  stack: SynthesizedStack,
  scope: SynthesizedResource | undefined,
): PlacedProblem[] {
  if (!scope) return [];
  const message = "the permission does not appear in a token's scope, although it is declared";
  return [
    ...(scope.values.include_in_token_scope === false
      ? [{ place: constructPath(scope), message }]
      : []),
    ...tooMuch(addedTo(scope, stack)),
  ];
}

/** The resources that belong to a scope: mappers and roles. Lists only name it. */
export function addedTo(
  scope: SynthesizedResource,
  stack: SynthesizedStack,
): SynthesizedResource[] {
  const reference = `\${${scope.address}.`;
  return stack
    .referringTo(scope)
    .filter(({ values }) => String(values.client_scope_id).startsWith(reference));
}

/** Problems of resources that a scope must not have. */
export function tooMuch(resources: readonly SynthesizedResource[]): PlacedProblem[] {
  return resources.map((resource) => ({
    place: constructPath(resource),
    message:
      "adds to the tokens of every client with this scope, which is not declared; use a client scope of your own",
  }));
}
