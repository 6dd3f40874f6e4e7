/** The settings of the build. `vite/settings.ts` checks that all are set that are required. */
interface ImportMetaEnv {
  readonly VITE_KEYCLOAK_URL: string;
  readonly VITE_KEYCLOAK_REALM: string;
  readonly VITE_KEYCLOAK_CLIENT_ID: string;
  readonly VITE_API_URL: string;
  readonly VITE_POST_LOGOUT_REDIRECT_URI: string;
  readonly VITE_PERMISSIONS_CLAIM?: string;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}

declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent;
  export default component;
}
