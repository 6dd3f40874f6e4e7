import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** A key pair in the forms in which people write it. */
export interface WrittenKeys {
  readonly publicPem: string;
  readonly privatePem: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

/** A new key pair. */
export function newKeys(type: "P-256" | "P-384" | "RSA" | "RSA-1024" | "Ed25519"): WrittenKeys {
  const { publicKey, privateKey } = pair(type);
  const pem = (key: KeyObject, format: "spki" | "pkcs8") =>
    key.export({ format: "pem", type: format }) as string;
  return {
    publicPem: pem(publicKey, "spki"),
    privatePem: pem(privateKey, "pkcs8"),
    publicJwk: { ...publicKey.export({ format: "jwk" }) },
    privateJwk: { ...privateKey.export({ format: "jwk" }) },
  };
}

function pair(type: Parameters<typeof newKeys>[0]) {
  if (type === "Ed25519") return generateKeyPairSync("ed25519");
  if (type === "P-256" || type === "P-384") return generateKeyPairSync("ec", { namedCurve: type });
  return generateKeyPairSync("rsa", { modulusLength: type === "RSA" ? 2048 : 1024 });
}
