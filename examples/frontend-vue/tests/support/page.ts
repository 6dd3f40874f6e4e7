import { vi } from "vitest";

/** A browser's tab with a page, as much of it as the session uses. */
export interface Page {
  /** The addresses that the page left for, the latest last. */
  readonly left: URL[];
  /** The forms that the page posted. */
  readonly posted: { readonly address: string; readonly fields: Record<string, string> }[];
  /** Opens another address in this tab. What the tab keeps remains. */
  readonly open: (address: string) => void;
}

const text = (value: unknown) => String(value);

/** Makes this process a tab that shows an address. `vi.unstubAllGlobals` ends that. */
export function openPage(address: string): Page {
  let current = new URL(address);
  const left: URL[] = [];
  const posted: Page["posted"] = [];
  const leave = (to: string) => left.push(new URL(to));
  const show = (_: unknown, __: unknown, to: string) => {
    current = new URL(to, current);
  };
  const location = new Proxy(
    {},
    {
      get: (_, name) =>
        name === "assign" || name === "replace"
          ? leave
          : (Reflect.get(current, name, current) as unknown),
    },
  );
  const listeners = { addEventListener: vi.fn(), removeEventListener: vi.fn() };
  const body = { append: vi.fn() };
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", { replaceState: show });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("sessionStorage", storage());
  vi.stubGlobal("addEventListener", listeners.addEventListener);
  vi.stubGlobal("removeEventListener", listeners.removeEventListener);
  vi.stubGlobal("document", {
    ...listeners,
    ...{ hidden: false, documentElement: { lang: "en" }, body },
    createElement: (kind: string) => (kind === "form" ? formOf(posted) : {}),
  });
  return { left, posted, open: (to) => void (current = new URL(to)) };
}

function formOf(posted: Page["posted"]) {
  const fields: Record<string, string> = {};
  const form = {
    action: "",
    append: ({ name, value }: { name: string; value: string }) => (fields[name] = value),
    submit: () => posted.push({ address: form.action, fields }),
  };
  return form;
}

/** A storage whose own enumerable properties are what it has, as in browsers. */
export function storage(): Storage {
  const methods = {
    getItem: (name: string) => (Reflect.get(kept, name) as string | undefined) ?? null,
    setItem: (name: string, value: unknown) => void Object.assign(kept, { [name]: text(value) }),
    removeItem: (name: string) => void Reflect.deleteProperty(kept, name),
    key: (index: number) => Object.keys(kept)[index] ?? null,
  };
  const kept = Object.create(methods, {
    length: { get: () => Object.keys(kept).length },
  }) as Storage;
  return kept;
}
