/** Handlebars without its compiler, in one file: the package declares no types of it. */
declare module "handlebars/dist/handlebars.runtime.js" {
	import type Handlebars from "handlebars";

	const runtime: typeof Handlebars;
	export default runtime;
}
