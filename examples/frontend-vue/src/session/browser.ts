import { keep, kept } from "../kept.ts";

/** The reason why nobody can sign in with this browser, or undefined. */
export function obstacle(): string | undefined {
  if (!isSecureContext) return "Atlas works only over https.";
  return keepsData()
    ? undefined
    : "Your browser keeps no data for this page, so Atlas cannot recognize you after the sign-in. Allow this page to store data.";
}

function keepsData(): boolean {
  try {
    keep("check", "kept");
    return kept("check") === "kept";
  } catch {
    // Some browsers refuse every access.
    return false;
  }
}

/** Leaves the page with a POST request, so that the fields appear in no URL and no log. */
export function post(address: string, fields: Readonly<Record<string, string>>): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
