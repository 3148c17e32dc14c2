package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import io.netty.buffer.ByteBuf;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.NumberInput;

/** Writes one JSON value as one element of a datatype; refuses what would change its value. */
final class ElementReader {
    private static final int LONG_BITS = 64;

    private ElementReader() {}

    static void read(JsonParser json, JsonToken token, Datatype datatype, ByteBuf target) {
        switch (datatype) {
            case BOOL -> target.writeByte(bool(json, token) ? 1 : 0);
            case UINT8 -> target.writeByte((int) integer(json, token, 0, 0xFF));
            case UINT16 -> target.writeShortLE((int) integer(json, token, 0, 0xFFFF));
            case UINT32 -> target.writeIntLE((int) integer(json, token, 0, 0xFFFF_FFFFL));
            case UINT64 -> target.writeLongLE(unsignedLong(json, token));
            case INT8 -> target.writeByte((int) integer(json, token, -128, 127));
            case INT16 ->
                    target.writeShortLE(
                            (int) integer(json, token, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 ->
                    target.writeIntLE(
                            (int) integer(json, token, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> target.writeLongLE(integer(json, token, Long.MIN_VALUE, Long.MAX_VALUE));
            case FP32 -> target.writeFloatLE(single(json, token));
            case FP64 -> target.writeDoubleLE(number(json, token));
            case BYTES -> text(json, token, target);
            case FP16 -> target.writeShortLE(half(json, token));
            case BF16 -> target.writeShortLE(brainFloat(json, token));
        }
    }

    private static boolean bool(JsonParser json, JsonToken token) {
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> integer(json, token, 0, 1) == 1;
            default -> throw unfit(json, "a boolean");
        };
    }

    private static long integer(JsonParser json, JsonToken token, long least, long most) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw unfit(json, "an integer");
        }
        if (json.getNumberType() == NumberType.BIG_INTEGER) {
            throw unfit(json, "between " + least + " and " + most);
        }
        long value = json.getLongValue();
        if (value < least || value > most) {
            throw unfit(json, "between " + least + " and " + most);
        }
        return value;
    }

    private static long unsignedLong(JsonParser json, JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw unfit(json, "an integer");
        }
        if (json.getNumberType() != NumberType.BIG_INTEGER) {
            return integer(json, token, 0, Long.MAX_VALUE);
        }
        BigInteger value = json.getBigIntegerValue();
        if (value.signum() < 0 || value.bitLength() > LONG_BITS) {
            throw unfit(json, "between 0 and 18446744073709551615");
        }
        return value.longValue();
    }

    private static float single(JsonParser json, JsonToken token) {
        float value =
                token == JsonToken.VALUE_NUMBER_FLOAT
                        ? NumberInput.parseFloat(
                                json.getStringCharacters(),
                                json.getStringOffset(),
                                json.getStringLength(),
                                true)
                        : (float) number(json, token);
        if (Float.isInfinite(value)) {
            throw unfit(json, "a finite FP32 number");
        }
        return value;
    }

    private static short half(JsonParser json, JsonToken token) {
        short value = Float.floatToFloat16(roundedToOdd(number(json, token)));
        if (Float.isInfinite(Float.float16ToFloat(value))) {
            throw unfit(json, "a finite FP16 number");
        }
        return value;
    }

    private static short brainFloat(JsonParser json, JsonToken token) {
        int bits = Float.floatToRawIntBits(roundedToOdd(number(json, token)));
        int even = bits >>> Short.SIZE & 1;
        short value = (short) (bits + 0x7FFF + even >>> Short.SIZE);
        if (Float.isInfinite(Float.intBitsToFloat(value << Short.SIZE))) {
            throw unfit(json, "a finite BF16 number");
        }
        return value;
    }

    /**
     * The number as a float that rounds on to fewer bits as the number itself does: rounding twice
     * to the nearest would make of a little more than a half a half, and of that nothing.
     */
    private static float roundedToOdd(double number) {
        float nearest = (float) number;
        int bits = Float.floatToRawIntBits(nearest);
        if ((double) nearest == number || (bits & 1) == 1) {
            return nearest;
        }
        return Float.intBitsToFloat(Math.abs(nearest) > Math.abs(number) ? bits - 1 : bits + 1);
    }

    private static double number(JsonParser json, JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw unfit(json, "a number");
        }
        double value =
                token == JsonToken.VALUE_NUMBER_FLOAT ? decimal(json) : json.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw unfit(json, "a finite number");
        }
        return value;
    }

    /** Straight from the parser's buffer: the parser itself would make a text of it first. */
    private static double decimal(JsonParser json) {
        return NumberInput.parseDouble(
                json.getStringCharacters(), json.getStringOffset(), json.getStringLength(), true);
    }

    private static void text(JsonParser json, JsonToken token, ByteBuf target) {
        if (token != JsonToken.VALUE_STRING) {
            throw unfit(json, "a string");
        }
        byte[] bytes = json.getString().getBytes(StandardCharsets.UTF_8);
        target.writeIntLE(bytes.length);
        target.writeBytes(bytes);
    }

    private static EngineException unfit(JsonParser json, String expected) {
        return EngineException.invalidInput("must be " + expected + ", but is " + shown(json));
    }

    private static String shown(JsonParser json) {
        String text = json.getString();
        return text == null ? "missing" : text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
