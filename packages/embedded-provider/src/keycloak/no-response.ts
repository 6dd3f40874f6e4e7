/**
 * Part of the message about a request that got no response. Callers of Terraform recognize such a failure by it. It has a module of
 * its own, so that they need not load the provider.
 */
export const noResponse = "does not answer";
