import { join } from "node:path";

/** The longest path of a socket, in bytes: macOS allows 104 and Linux 108, with the null byte at the end. */
const longestPath = 103;

/**
 * The folder in which sockets are created: the temporary folder, or /tmp if the path of a socket would be too long.
 *
 * @param temporary the temporary folder
 * @param socket the longest path of a socket in it, relative to it
 * @see https://man7.org/linux/man-pages/man7/unix.7.html
 */
export function socketParent(temporary: string, socket: string): string {
  const fits = Buffer.byteLength(join(temporary, socket)) <= longestPath;
  return fits ? temporary : "/tmp";
}
