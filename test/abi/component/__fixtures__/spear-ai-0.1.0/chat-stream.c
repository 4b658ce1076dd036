// Streams one chat and returns its text. Written against the canonical ABI by hand, without a library, for the world `chat-agent`.
typedef unsigned char u8;
typedef unsigned int u32;

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT("spear:ai/cchat@0.1.0", "complete-stream") void complete_stream(void *parameters, void *result);
IMPORT("spear:ai/cchat@0.1.0", "[method]event-stream.next") void stream_next(u32 stream, void *result);
IMPORT("spear:ai/cchat@0.1.0", "[method]event-stream.subscribe") u32 stream_subscribe(u32 stream);
IMPORT("spear:ai/cchat@0.1.0", "[resource-drop]event-stream") void stream_drop(u32 stream);
IMPORT("spear:ai/poll@0.1.0", "[method]pollable.block") void pollable_block(u32 pollable);
IMPORT("spear:ai/poll@0.1.0", "[resource-drop]pollable") void pollable_drop(u32 pollable);
IMPORT("spear:ai/log@0.1.0", "log") void write_log(u32 level, const u8 *message, u32 length, void *fields, u32 count);

static u8 heap[256 * 1024] __attribute__((aligned(8)));
static u32 used;

static void *allocate(u32 size, u32 alignment) {
	used = (used + alignment - 1) & ~(alignment - 1);
	if (used + size > sizeof heap) __builtin_trap();
	void *at = heap + used;
	used += size;
	return at;
}

EXPORT("cabi_realloc") void *cabi_realloc(u8 *old, u32 old_size, u32 alignment, u32 size) {
	u8 *at = allocate(size, alignment);
	for (u32 i = 0; i < old_size && i < size; i++) at[i] = old[i];
	return at;
}

// The blocks below are zero but for what is set: a tag of zero is the first case of a variant and an absent option.
static u32 parameters[90]; // request, then option<call-options>: 360 bytes
static u32 message[13];    // record message: 52 bytes
static u32 part[16];       // variant content-part
static u32 result[46];     // result<event, error>: 184 bytes
static u32 answer[33];     // result<string, run-error>: 132 bytes
static u8 text[64 * 1024];

static void *failed(const char *why, u32 length) {
	((u8 *)answer)[0] = 1; // err
	((u8 *)answer)[4] = 1; // run-error.failed
	answer[2] = (u32)why;
	answer[3] = length;
	return answer;
}

EXPORT("run") void *run(const u8 *input, u32 length) {
	write_log(2, (const u8 *)"a guest in C runs", 17, 0, 0);
	part[1] = (u32)input; // content-part.text
	part[2] = length;
	((u8 *)message)[0] = 1; // role.user
	message[1] = (u32)part;
	message[2] = 1;
	parameters[3] = (u32)message; // request.messages
	parameters[4] = 1;
	complete_stream(parameters, result);
	if (((u8 *)result)[0] != 0) return failed("complete-stream failed", 22);
	u32 stream = result[1];
	u32 count = 0;
	for (;;) {
		u32 ready = stream_subscribe(stream);
		pollable_block(ready);
		pollable_drop(ready);
		stream_next(stream, result);
		if (((u8 *)result)[0] != 0) return failed("next failed", 11);
		u8 event = ((u8 *)result)[4];
		if (event == 0) // event.text
			for (u32 i = 0; i < result[3] && count < sizeof text; i++) text[count++] = ((u8 *)result[2])[i];
		if (event == 5) break; // event.completed
		if (event == 6) return failed("the stream failed", 17);
	}
	stream_drop(stream);
	((u8 *)answer)[0] = 0; // ok
	answer[1] = (u32)text;
	answer[2] = count;
	return answer;
}

EXPORT("cabi_post_run") void post_run(void *returned) {
	(void)returned;
	used = 0;
}
