import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Files of a certificate and its key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of the tests, which issues certificates into a folder. */
export class Authority implements Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly #folder: string;

  /** The authority whose files are in a folder. */
  constructor(folder: string) {
    this.#folder = folder;
    this.certificate = join(folder, "authority.pem");
    this.key = join(folder, "authority.key");
  }

  static async create(folder: string, name: string): Promise<Authority> {
    const authority = new Authority(folder);
    const { certificate, key } = authority;
    await openssl("req", "-x509", ...newKey(key), "-subj", `/CN=${name}`, "-out", certificate);
    return authority;
  }

  /** The variables with which curl, Python and Node trust this authority only. */
  get trustVariables(): NodeJS.ProcessEnv {
    const { certificate } = this;
    return {
      CURL_CA_BUNDLE: certificate,
      SSL_CERT_FILE: certificate,
      NODE_EXTRA_CA_CERTS: certificate,
    };
  }

  /** Issues a certificate of a server with this host name, or of a client. */
  async issue(name: string, subject: string, host = "localhost"): Promise<Certificate> {
    const [certificate, key, request, extensions] = ["pem", "key", "csr", "ext"].map((extension) =>
      join(this.#folder, `${name}.${extension}`),
    ) as [string, string, string, string];
    await writeFile(extensions, `subjectAltName=DNS:${host}\n`);
    await openssl("req", ...newKey(key), "-subj", subject, "-out", request);
    await openssl(
      ...["x509", "-req", "-in", request, "-CA", this.certificate, "-CAkey", this.key],
      ...["-set_serial", String(Date.now()), "-days", "1", "-extfile", extensions],
      ...["-out", certificate],
    );
    return { certificate, key };
  }
}

function newKey(file: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file];
}

async function openssl(...args: string[]): Promise<void> {
  await execa("openssl", args);
}
