/** Name of an API's audience scope: `atlas-api-audience`. */
export function audienceScopeName(api: string): string {
  return `${api}-audience`;
}
