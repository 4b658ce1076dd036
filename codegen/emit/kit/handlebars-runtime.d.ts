/** Handlebars without its compiler. The declarations of the package leave the export out. */
declare module "handlebars/runtime.js" {
	import type Handlebars from "handlebars";

	const runtime: typeof Handlebars;
	export default runtime;
}
