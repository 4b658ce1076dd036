/** Names of the forms in which diagnostics are shown, apart from their renderers, which most runs never load. */

/** `text` for people; `json` and `sarif` for programs; `github` and `junit` for continuous integration. */
export const DIAGNOSTIC_FORMATS = ["text", "json", "github", "junit", "sarif"] as const;

export type DiagnosticFormat = (typeof DIAGNOSTIC_FORMATS)[number];
