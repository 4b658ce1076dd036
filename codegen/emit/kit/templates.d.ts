/** The templates of all emitters, which `npm run templates -- --write` compiles. */
import type { TemplateSpecification } from "handlebars";

/** Compiled templates by the SHA-256 of their text. */
export const compiledTemplates: { readonly [digest: string]: TemplateSpecification | undefined };
