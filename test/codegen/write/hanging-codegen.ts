/** Helper process of `cli.test.ts`: code generation whose only emitter never ends. */
import { main } from "../../../codegen/cli.ts";

await main(process.argv.slice(2), {
	emitters: [
		{
			name: "hanging",
			emit() {
				process.stdout.write("emitting\n");
				return new Promise(() => setInterval(() => undefined, 1000));
			},
		},
	],
});
