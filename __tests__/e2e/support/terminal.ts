import { join } from "node:path";

/** The program that runs a command on a terminal, and answers its question: python3 terminal.py <question> <answer> <command…>. */
export const terminal = join(import.meta.dirname, "terminal.py");
