import { z } from "zod";
import { keyHostProblems } from "../../constructs/authentication/key-host.ts";
import { quoted } from "../../text/quoted.ts";
import { distinct } from "../fields/distinct.ts";
import { duration } from "../fields/duration.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText } from "../fields/plain-text.ts";

/**
 * Fields of an environment with the settings of authentication that all customers share; see AuthenticationSettings.
 *
 * A prefix has letters, digits and `_`: they need no percent-encoding in HTTP Basic (RFC 6749, section 2.3.1).
 */
export const authenticationFields = {
  secretPrefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, {
      error: ({ input }) =>
        `${quoted(input)} is not a prefix; use up to 32 letters, digits and _, such as atlas_live_`,
    })
    .exactOptional(),
  allowedJwksHosts: withErrorHints(
    z.array(checkedText(keyHostProblems)).superRefine(distinct("host")),
    {
      expected: "a list of host names, such as [keys.example.com]",
    },
  ).exactOptional(),
  rotationOverlap: duration({
    shortest: 60,
    longest: 30 * 24 * 3_600,
    example: "48h",
  }).exactOptional(),
};
