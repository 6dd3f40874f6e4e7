import { UnavailableError } from "../../text/errors.ts";
import { jsonAnswer } from "./json-answer.ts";
import { requestOptions } from "./login/request-options.ts";

/** What a realm publishes about itself. */
export interface RealmMetadata {
  /** The issuer, exactly as in the tokens' `iss`. */
  readonly issuer: string;
  readonly tokenUrl: string;
  /** The token endpoint for TLS client certificates, which may be at another host or port. */
  readonly mtlsTokenUrl: string;
}

/** The part of a realm's metadata that is used, as RFC 8414 names it. */
interface Metadata {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly mtls_endpoint_aliases?: { readonly token_endpoint?: string };
}

/**
 * Reads what a realm publishes about itself.
 *
 * @throws UnavailableError if it publishes nothing
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3
 * @see https://www.rfc-editor.org/rfc/rfc8705#section-5
 */
export async function discover(realmUrl: string): Promise<RealmMetadata> {
  const url = `${realmUrl}/.well-known/openid-configuration`;
  const response = await fetch(url, requestOptions());
  if (!response.ok)
    throw new UnavailableError(`${url} answers with HTTP ${response.status}; check the address`);
  const metadata = (await jsonAnswer(response)) as Metadata | undefined;
  if (metadata === undefined)
    throw new UnavailableError(`${url} answers with something else than JSON; check the address`);
  const { issuer, token_endpoint: tokenUrl } = metadata;
  const mtlsTokenUrl = metadata.mtls_endpoint_aliases?.token_endpoint ?? tokenUrl;
  return { issuer, tokenUrl, mtlsTokenUrl };
}
