import { readFileSync } from "node:fs";
import { parse, Scalar, type YAMLSeq } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

/** A place in the files, such as `!reference [.install, script]`. */
class Reference {
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    this.path = path;
  }
}

const referenceTag = {
  tag: "!reference",
  collection: "seq",
  resolve: (list: YAMLSeq) => new Scalar(new Reference(list.toJSON() as string[])),
} as const;

/** A job of GitLab, or a part of one. */
export interface GitlabJob {
  readonly script?: readonly string[];
  readonly stage?: string;
  readonly needs?: readonly (string | Fields)[];
  readonly rules?: readonly Fields[];
  readonly resource_group?: string;
  readonly environment?: string | Fields;
  readonly id_tokens?: Fields;
  readonly artifacts?: { readonly paths?: readonly string[]; readonly reports?: Fields };
  readonly parallel?: Fields;
  readonly trigger?: Fields;
  readonly variables?: Fields;
}

/** A pipeline of GitLab. */
export interface GitlabPipeline {
  /** All jobs but the hidden ones. */
  readonly jobs: Readonly<Record<string, GitlabJob>>;
  readonly stages: readonly string[];
  readonly variables: Fields;
}

/** The keys of a file that are no jobs. */
const keywords = ["default", "stages", "variables", "workflow"];

/** The pipeline in a text, as GitLab puts it together: with its `include`, `extends` and `!reference`. */
export function gitlabPipeline(text: string): GitlabPipeline {
  const all = withIncludes(text);
  const jobs = Object.entries(all).filter(
    ([name]) => !name.startsWith(".") && !keywords.includes(name),
  );
  return {
    ...(all as Pick<GitlabPipeline, "stages" | "variables">),
    jobs: Object.fromEntries(
      jobs.map(([name, job]) => [name, extended(job as Fields, all) as GitlabJob]),
    ),
  };
}

/** The pipeline in a file. */
export function gitlabPipelineIn(file: string): GitlabPipeline {
  return gitlabPipeline(readFileSync(file, "utf8"));
}

function withIncludes(text: string): Fields {
  const { include = [], ...own } = parse(text, { customTags: [referenceTag] }) as Fields;
  return [include]
    .flat()
    .map((each) => withIncludes(readFileSync((each as { local: string }).local, "utf8")))
    .reduceRight((merged, included) => merge(included, merged), own);
}

function extended({ extends: parent, ...own }: Fields, all: Fields): Fields {
  const job = parent ? merge(extended(all[parent as string] as Fields, all), own) : own;
  return job.script ? { ...job, script: lines(job.script, all) } : job;
}

function lines(script: unknown, all: Fields): string[] {
  return [script].flat().flatMap((line) => {
    if (!(line instanceof Reference)) return [line as string];
    return lines(
      line.path.reduce<unknown>((value, key) => (value as Fields)[key], all),
      all,
    );
  });
}

/** Merges as GitLab does: mappings key by key, and everything else is replaced. */
function merge(under: Fields, over: Fields): Fields {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isFields(below) && isFields(value) ? merge(below, value) : value];
  });
  return { ...under, ...(Object.fromEntries(merged) as Fields) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value?.constructor === Object;
}
