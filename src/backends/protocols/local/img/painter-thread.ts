/** Thread of images: paints without a model. */
import { serveEngine } from "../../../kit/engine/serve-engine.ts";
import { type PaintTask, paint } from "./paint.ts";
import { png } from "./png.ts";
import { MODEL } from "./rules.ts";

await serveEngine<PaintTask, Uint8Array<ArrayBuffer>, void>(() => (task, context) => {
	const painting = paint(task);
	let step = painting.next();
	while (step.done !== true) {
		if (context.isCancelled) return;
		step = painting.next();
	}
	const file = png(step.value, MODEL);
	context.emit(file, [file.buffer]);
});
