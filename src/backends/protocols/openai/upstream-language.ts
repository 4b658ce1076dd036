/** Treatment of a language with a script or region, in words. */
export const CODE_ONLY = "the upstream accepts only the code of the language";

/** True for a BCP 47 tag with more than the code of a language. */
export function isMoreThanCode(tag: string): boolean {
	return tag.includes("-");
}

/**
 * Returns the code of a BCP 47 tag's language, e.g. `pt` for `pt-BR`. A code of three letters becomes the one of two letters that the upstream
 * expects, e.g. `en` for `eng`. Languages without one keep it, e.g. `yue`.
 */
export function upstreamLanguage(tag: string): string {
	const [language = tag] = tag.toLowerCase().split("-");
	return shortestCode(language);
}

/** Returns the ISO 639-1 code of a three-letter code, if there is one. Returns any other text unchanged. */
export function shortestCode(language: string): string {
	return /^[a-z]{3}$/.test(language) ? (Intl.getCanonicalLocales(language)[0] ?? language) : language;
}
