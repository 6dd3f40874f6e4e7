/** The files of the team that owns a clone of this project, as paths from the repository's root. Everything else is the product. */
const teamsFiles =
  /^(main\.ts|customers\.yaml|customers\.schema\.json|environments\/.*|\.github\/CODEOWNERS)$/s;

/** Whether a file is the team's own. */
export function isTeamsFile(name) {
  return teamsFiles.test(name);
}
