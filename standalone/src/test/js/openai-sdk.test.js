// Run by OpenAiJavaScriptIT with ATRIUM_BASE_URL (…/v1), ATRIUM_API_KEY and ATRIUM_SPEECH (a file that acme/speech knows); every other setting is the SDK's default.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import test from "node:test";
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from "openai";

const baseURL = process.env.ATRIUM_BASE_URL;
const apiKey = process.env.ATRIUM_API_KEY;
const client = new OpenAI({ baseURL, apiKey });

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

test("lists the models that the key can see", async () => {
  const names = [];
  for await (const model of client.models.list()) {
    names.push(model.id);
  }
  assert.ok(names.includes("atrium/minilm"), `saw ${names}`);
});

test("embeds: the SDK asks for base64 and gets 384 floats of length 1", async () => {
  const answer = await client.embeddings.create({
    model: "atrium/minilm",
    input: ["a cat sits on the mat", "a kitten rests on a rug", "interest rates rose again"],
  });
  const [cat, kitten, rates] = answer.data.map((row) => row.embedding);
  assert.equal(cat.length, 384);
  assert.ok(Math.abs(dot(cat, cat) - 1) < 1e-3);
  assert.ok(dot(cat, kitten) > dot(cat, rates) + 0.2);
  assert.ok(answer.usage.prompt_tokens > 0);
});

test("base64 and float answers are the same numbers", async () => {
  const input = "the same sentence";
  const viaBase64 = await client.embeddings.create({ model: "atrium/minilm", input });
  const viaFloat = await client.embeddings.create({ model: "atrium/minilm", input, encoding_format: "float" });
  viaBase64.data[0].embedding.forEach((x, i) => assert.ok(Math.abs(x - viaFloat.data[0].embedding[i]) < 1e-6));
});

test("chats in one piece, with usage", async () => {
  const answer = await client.chat.completions.create({
    model: "atrium/tiny-chat",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 40,
    temperature: 0,
  });
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.ok(["stop", "length"].includes(answer.choices[0].finish_reason));
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("streams the same text, and usage only when asked", async () => {
  const request = { model: "atrium/tiny-chat", messages: [{ role: "user", content: "Hello" }], max_tokens: 40, temperature: 0 };
  const whole = await client.chat.completions.create(request);
  let text = "";
  let usage = null;
  const stream = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
});

test("a stream can be given up half-way", async () => {
  const stream = await client.chat.completions.create({
    model: "atrium/tiny-chat",
    messages: [{ role: "user", content: "tell me a story" }],
    stream: true,
  });
  let chunks = 0;
  for await (const _ of stream) {
    if (++chunks === 5) {
      stream.controller.abort();
      break;
    }
  }
  assert.equal(chunks, 5);
});

test("writes down speech, as JSON and as bare text", async () => {
  const request = () => ({ file: createReadStream(process.env.ATRIUM_SPEECH), model: "acme/speech" });
  const answer = await client.audio.transcriptions.create(request());
  assert.equal(answer.text, "cab abba");
  assert.equal(answer.usage.type, "duration");
  assert.ok(answer.usage.seconds > 1 && answer.usage.seconds < 2);
  assert.equal(await client.audio.transcriptions.create({ ...request(), response_format: "text" }), "cab abba");
  await assert.rejects(client.audio.transcriptions.create({ ...request(), response_format: "srt" }), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.param, "response_format");
    return true;
  });
});

test("errors arrive as the SDK's own types", async () => {
  const wrongKey = new OpenAI({ baseURL, apiKey: "atr_wrong" });
  await assert.rejects(wrongKey.models.list(), AuthenticationError);
  await assert.rejects(client.embeddings.create({ model: "acme/none", input: "x" }), (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.code, "model_not_found");
    assert.ok(error.requestID);
    return true;
  });
  await assert.rejects(client.chat.completions.create({ model: "atrium/tiny-chat", messages: [] }), BadRequestError);
});
