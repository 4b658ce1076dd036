/** Types of the packages behind the platform, as far as its modules use them. */

declare module "whatwg-url" {
	export const URL: new (url: string, base?: string) => { readonly href: string };
	export const URLSearchParams: new (init?: unknown) => Iterable<[string, string]>;
}

declare module "punycode/punycode.es6.js" {
	const punycode: { encode(text: string): string; decode(text: string): string };
	export default punycode;
}

/** The interface of WASI that `spear build` adds to a component with random numbers. */
declare module "wasi:random/random@0.2.12" {
	export function getRandomBytes(length: number): Uint8Array;
}
