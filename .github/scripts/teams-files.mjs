/** The files of the team that owns a clone of this project, as paths from the repository's root. Everything else is the product, except
 * environments/pipeline: it is the team's too, but decides which environment the pipelines review. Directly in customers/ and keys/
 * are customers and their public keys: nothing runs such a file, and no tool reads it. */
const teamsFiles =
  /^(main\.ts|customers\.yaml|customers\/[^/.][^/]*\.yaml|customers\.schema\.json|environments\/.*\.yaml|keys\/[^/.][^/]*\.(pem|jwk|json)|\.(github|gitlab)\/CODEOWNERS)$/s;

/** Whether a file is the team's own. */
export function isTeamsFile(name) {
  return teamsFiles.test(name);
}
