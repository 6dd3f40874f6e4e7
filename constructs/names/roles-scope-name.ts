/** Name of the client scope that adds what a person may do at an API to tokens: `atlas-api-roles`. */
export function rolesScopeName(api: string): string {
  return `${api}-roles`;
}
