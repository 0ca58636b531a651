import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes the vector kernels: run by the build with the folder of generated sources as its argument.
 *
 * <p>The two SHA-256 compressions of a header are computed once with symbols in place of numbers. A symbol is a
 * {@link Kind#CONSTANT}, a {@link Kind#SCALAR} that is the same for all nonces of a header, or {@link Kind#LANES} that
 * differ from nonce to nonce. Whatever constants and scalars give is folded, and what the last word of the hash does not
 * need is never written. So the known shortcuts need no code of their own: the midstate, the first three rounds, the
 * schedule words that are constant or the same for all nonces, the last three rounds, and the half of the four before
 * them.
 *
 * <p>What remains is a straight line of vector operations, cut into methods that HotSpot compiles (below 8000
 * bytecodes). Every operation stands inline: in helper methods it would not be inlined at this size and would allocate.
 */
public final class KernelGenerator {
    /** HotSpot never compiles a method above 8000; what a method loads and stores at its ends comes on top of this. */
    private static final int BYTECODES_PER_METHOD = 5600;

    private static final int[] K = new int[64];
    private static final int[] INITIAL = new int[8];

    static {
        for (int i = 0, prime = 2; i < 64; prime++) {
            if (!isPrime(prime)) continue;
            K[i] = first32BitsOfTheFraction(Math.cbrt(prime));
            if (i < 8) INITIAL[i] = first32BitsOfTheFraction(Math.sqrt(prime));
            i++;
        }
    }

    enum Kind {
        CONSTANT,
        SCALAR,
        LANES
    }

    /** A symbolic number. {@code java} is its expression, with {@code $0}, {@code $1} for the inputs. */
    private static final class Value {
        final int id;
        final Kind kind;
        final int constant;
        final String java;
        final List<Value> inputs;
        final int bytecodes;
        int round;
        boolean needed;
        int uses;
        int segment = -1;
        int lastSegment = -1;
        int slot = -1;

        Value(int id, Kind kind, int constant, String java, List<Value> inputs, int bytecodes) {
            this.id = id;
            this.kind = kind;
            this.constant = constant;
            this.java = java;
            this.inputs = inputs;
            this.bytecodes = bytecodes;
        }

        boolean isZero() {
            return kind == Kind.CONSTANT && constant == 0;
        }

        /** A lanes value plus a value that is none: two of those on top of each other are one. */
        boolean isShifted() {
            return kind == Kind.LANES && java.equals("$0.add($1)") && inputs.get(1).kind != Kind.LANES;
        }
    }

    private final int bits;
    private final List<Value> values = new ArrayList<>();
    private final Map<Integer, Integer> constants = new LinkedHashMap<>();
    private final Map<Value, Integer> scalars = new LinkedHashMap<>();
    private int round;

    private KernelGenerator(int bits) {
        this.bits = bits;
    }

    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0], "org", "athanor", "hash", "vector");
        Files.createDirectories(folder);
        for (int bits : new int[] {128, 256, 512}) {
            var file = folder.resolve("Vector" + bits + "Scanner.java");
            var source = new KernelGenerator(bits).generate();
            // an unchanged file keeps its time, so that nothing is compiled again
            if (!Files.exists(file) || !Files.readString(file).equals(source)) Files.writeString(file, source);
        }
    }

    // ---- what is computed ----

    private String generate() {
        var midstate = new Value[8];
        for (int i = 0; i < 8; i++) midstate[i] = scalar("midstate[" + i + "]", List.of());
        var nonce = reversed(lanes("LANES.add(IntVector.broadcast(SPECIES, nonce))", List.of(), 20));
        var tail = new Value[16];
        tail[0] = scalar("merkleTail", List.of());
        tail[1] = scalar("time", List.of());
        tail[2] = scalar("bits", List.of());
        tail[3] = nonce;
        pad(tail, 4, 640);
        var first = compress(midstate, tail, 64);
        var again = new Value[16];
        for (int i = 0; i < 8; i++) again[i] = add(midstate[i], first[i]);
        pad(again, 8, 256);
        var initial = Arrays.stream(INITIAL).mapToObj(this::constant).toArray(Value[]::new);
        // the last word of the hash is e after round 60 (counted from 0), moved to h by the three rounds that follow
        var last = add(initial[7], compress(initial, again, 61)[4]);
        return write(and(last, scalar("mask", List.of())));
    }

    private Value[] compress(Value[] in, Value[] message, int rounds) {
        var w = Arrays.copyOf(message, 64);
        Value a = in[0], b = in[1], c = in[2], d = in[3], e = in[4], f = in[5], g = in[6], h = in[7];
        for (int i = 0; i < rounds; i++, round++) {
            if (i >= 16)
                w[i] = add(w[i - 16], smallSigma(w[i - 15], 7, 18, 3), w[i - 7], smallSigma(w[i - 2], 17, 19, 10));
            var t1 = add(h, constant(K[i]), w[i], choose(e, f, g), bigSigma(e, 6, 11, 25));
            var t2 = add(majority(a, b, c), bigSigma(a, 2, 13, 22));
            h = g;
            g = f;
            f = e;
            e = add(d, t1);
            d = c;
            c = b;
            b = a;
            a = add(t2, t1);
        }
        return new Value[] {a, b, c, d, e, f, g, h};
    }

    private Value smallSigma(Value x, int one, int two, int shift) {
        return xor(xor(rotate(x, one), rotate(x, two)), shift(x, shift));
    }

    private Value bigSigma(Value x, int one, int two, int three) {
        return xor(xor(rotate(x, one), rotate(x, two)), rotate(x, three));
    }

    private Value choose(Value e, Value f, Value g) {
        return xor(g, and(e, xor(f, g)));
    }

    /** a ^ b comes back in the next round as b ^ c: {@link #operation} gives the same value for the same expression. */
    private Value majority(Value a, Value b, Value c) {
        if (bits == 512) return or(and(a, b), and(c, or(a, b)));
        return xor(b, and(xor(a, b), xor(b, c)));
    }

    /** The bytes of each number in reverse order. */
    private Value reversed(Value x) {
        return or(and(rotate(x, 24), constant(0x00ff00ff)), and(rotate(x, 8), constant(0xff00ff00)));
    }

    private void pad(Value[] w, int from, int messageBits) {
        for (int i = from; i < 16; i++) w[i] = constant(0);
        w[from] = constant(0x80000000);
        w[15] = constant(messageBits);
    }

    // ---- symbolic arithmetic ----

    private Value constant(int number) {
        return new Value(-1, Kind.CONSTANT, number, "", List.of(), 0);
    }

    private Value scalar(String java, List<Value> inputs) {
        return remember(Kind.SCALAR, java, inputs, 0);
    }

    private Value lanes(String java, List<Value> inputs, int bytecodes) {
        return remember(Kind.LANES, java, inputs, bytecodes);
    }

    private final Map<String, Value> known = new HashMap<>();

    private Value remember(Kind kind, String java, List<Value> inputs, int bytecodes) {
        var key = kind + java + inputs.stream().map(this::key).toList();
        return known.computeIfAbsent(key, _ -> {
            var value = new Value(values.size(), kind, 0, java, inputs, bytecodes);
            value.round = round;
            values.add(value);
            return value;
        });
    }

    private String key(Value value) {
        return value.kind == Kind.CONSTANT ? "c" + value.constant : "v" + value.id;
    }

    /** What is no lanes value is summed up first, in a single number; the terms that are known last come last. */
    private Value add(Value... terms) {
        var sum = constant(0);
        var lanes = new ArrayList<Value>();
        for (var term : terms) {
            if (term.kind == Kind.LANES) lanes.add(term);
            else sum = addScalars(sum, term);
        }
        for (int i = 0; i < lanes.size() && !sum.isZero(); i++) {
            var term = lanes.get(i);
            if (!term.isShifted()) continue;
            sum = addScalars(sum, term.inputs.get(1));
            lanes.set(i, term.inputs.get(0));
        }
        if (lanes.isEmpty()) return sum;
        var total = lanes.getFirst();
        if (!sum.isZero()) total = lanes("$0.add($1)", List.of(total, sum), 3);
        for (var term : lanes.subList(1, lanes.size())) total = lanes("$0.add($1)", List.of(total, term), 3);
        return total;
    }

    private Value addScalars(Value x, Value y) {
        if (x.isZero()) return y;
        if (y.isZero()) return x;
        if (x.kind == Kind.CONSTANT && y.kind == Kind.CONSTANT) return constant(x.constant + y.constant);
        return scalar("$0 + $1", List.of(x, y));
    }

    private Value xor(Value x, Value y) {
        if (x.kind == Kind.CONSTANT && y.kind == Kind.CONSTANT) return constant(x.constant ^ y.constant);
        return operation("$0 ^ $1", "$0.lanewise(VectorOperators.XOR, $1)", 6, x, y);
    }

    private Value and(Value x, Value y) {
        if (x.kind == Kind.CONSTANT && y.kind == Kind.CONSTANT) return constant(x.constant & y.constant);
        return operation("$0 & $1", "$0.and($1)", 3, x, y);
    }

    private Value or(Value x, Value y) {
        if (x.kind == Kind.CONSTANT && y.kind == Kind.CONSTANT) return constant(x.constant | y.constant);
        return operation("$0 | $1", "$0.or($1)", 3, x, y);
    }

    private Value rotate(Value x, int by) {
        if (x.kind == Kind.CONSTANT) return constant(Integer.rotateRight(x.constant, by));
        if (x.kind == Kind.SCALAR) return scalar("Integer.rotateRight($0, " + by + ")", List.of(x));
        return lanes("$0.lanewise(VectorOperators.ROR, " + by + ")", List.of(x), 8);
    }

    private Value shift(Value x, int by) {
        if (x.kind == Kind.CONSTANT) return constant(x.constant >>> by);
        if (x.kind == Kind.SCALAR) return scalar("$0 >>> " + by, List.of(x));
        return lanes("$0.lanewise(VectorOperators.LSHR, " + by + ")", List.of(x), 8);
    }

    private Value operation(String scalar, String lanes, int bytecodes, Value x, Value y) {
        if (x.kind != Kind.LANES && y.kind != Kind.LANES) return scalar(scalar, List.of(x, y));
        boolean swapped = x.kind != Kind.LANES || (y.kind == Kind.LANES && y.id < x.id);
        return lanes(lanes, swapped ? List.of(y, x) : List.of(x, y), bytecodes);
    }

    // ---- the text ----

    private String write(Value result) {
        need(result);
        var line = values.stream().filter(v -> v.needed && v.kind == Kind.LANES).toList();
        int segments = cut(line);
        result.lastSegment = segments - 1;
        var spilled = slots(line, result, segments);
        var text = new StringBuilder();
        var methods = new StringBuilder();
        for (int segment = 0; segment < segments; segment++) methods.append(method(segment, segments, line, result));
        text.append("""
                // Written by KernelGenerator: edit that.
                package org.athanor.hash.vector;

                import java.lang.foreign.MemorySegment;
                import java.nio.ByteOrder;
                import jdk.incubator.vector.IntVector;
                import jdk.incubator.vector.VectorOperators;
                import jdk.incubator.vector.VectorSpecies;

                /** BITS bits: LANES nonces at a time. */
                public final class VectorBITSScanner extends VectorScanner {
                    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_BITS;
                    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
                    private static final IntVector LANES = IntVector.zero(SPECIES).addIndex(1);

                    /** Every constant once per lane. */
                    private static final MemorySegment K = VectorScanner.repeated(LANESCOUNT, new int[] {
                """.replace("LANESCOUNT", "" + bits / 32)
                .replace("/** BITS bits: LANES", "/** " + bits + " bits: " + bits / 32)
                .replace("BITS", "" + bits));
        constants.keySet().forEach(number -> text.append("        0x%08x,%n".formatted(number)));
        text.append("""
                    });

                    /** @throws UnsupportedOperationException if this processor, or this Java machine, has no such vectors */
                    public VectorBITSScanner() {
                        super(BITS, SLOTS);
                    }

                    @Override
                    long search(MemorySegment scratch, int first, long batches) {
                        for (long i = 0; i < batches; i++) {
                            int nonce = first + LANES * (int) i;
                CALLS
                            if (rounds0LAST(scratch)) return i;
                        }
                        return batches;
                    }

                    @Override
                    void prepare(MemorySegment scratch, int[] midstate, int merkleTail, int time, int bits, int mask) {
                """.replace("BITS", "" + bits)
                .replace("SLOTS", "" + (scalars.size() + spilled))
                .replace("LANES", "" + bits / 32)
                .replace("rounds0LAST", "rounds" + (segments - 1))
                .replace("CALLS", calls(segments)));
        for (var value : values)
            if (value.needed && value.kind == Kind.SCALAR)
                text.append("        int s%d = %s;%n"
                        .formatted(
                                value.id,
                                fill(
                                        value.java,
                                        value.inputs,
                                        v -> v.kind == Kind.CONSTANT ? "0x%08x".formatted(v.constant) : "s" + v.id)));
        scalars.forEach((value, slot) -> text.append("        repeat(scratch, %d, s%d);%n".formatted(slot, value.id)));
        return text.append("    }\n").append(methods).append("}\n").toString();
    }

    private static String calls(int segments) {
        var calls = new ArrayList<String>();
        for (int i = 0; i < segments - 1; i++)
            calls.add("            rounds" + i + (i == 0 ? "(scratch, nonce);" : "(scratch);"));
        return String.join("\n", calls);
    }

    private void need(Value value) {
        value.uses++;
        if (value.needed) return;
        value.needed = true;
        value.inputs.forEach(this::need);
    }

    /** Gives each value its method; a method begins with a round. */
    private static int cut(List<Value> line) {
        var perRound = new TreeMap<Integer, Integer>();
        line.forEach(v -> perRound.merge(v.round, cost(v), Integer::sum));
        int total = perRound.values().stream().mapToInt(Integer::intValue).sum();
        int segments = Math.ceilDiv(total, BYTECODES_PER_METHOD);
        var segmentOf = new HashMap<Integer, Integer>();
        int sum = 0;
        for (var one : perRound.entrySet()) {
            segmentOf.put(one.getKey(), (int) ((long) sum * segments / total)); // all of about the same length
            sum += one.getValue();
        }
        for (var value : line) {
            value.segment = segmentOf.get(value.round);
            value.lastSegment = value.segment;
            for (var input : value.inputs)
                if (input.kind == Kind.LANES) input.lastSegment = Math.max(input.lastSegment, value.segment);
        }
        return segments;
    }

    private static int cost(Value value) {
        int cost = value.bytecodes;
        for (var input : value.inputs) cost += input.kind == Kind.LANES ? (input.uses == 1 ? 0 : 2) : 15;
        return value.uses == 1 ? cost : cost + 2;
    }

    /** A place in the scratch for each value that a later method reads; places are used again. */
    private int slots(List<Value> line, Value result, int segments) {
        for (var value : line)
            for (var input : value.inputs) {
                if (input.kind == Kind.CONSTANT) constants.putIfAbsent(input.constant, constants.size());
                if (input.kind == Kind.SCALAR) scalars.putIfAbsent(input, scalars.size());
            }
        int slots = 0;
        var free = new ArrayDeque<Integer>();
        for (int segment = 0; segment < segments; segment++) {
            for (var value : line)
                if (value.slot >= 0 && value.lastSegment == segment) free.add(value.slot); // read before it is written
            for (var value : line)
                if (value.segment == segment && value.lastSegment > segment && value != result)
                    value.slot = free.isEmpty() ? slots++ : free.remove();
        }
        return slots;
    }

    private String method(int segment, int segments, List<Value> line, Value result) {
        boolean last = segment == segments - 1;
        var here = line.stream().filter(v -> v.segment == segment).toList();
        var text = new StringBuilder("%n    private static %s rounds%d(MemorySegment scratch%s) {%n"
                .formatted(last ? "boolean" : "void", segment, segment == 0 ? ", int nonce" : ""));
        // What is loaded has no exact type where a program has used vectors of several widths, and HotSpot then boxes
        // some
        // numbers. What comes of zero has one; the compiler leaves the operation out.
        if (segment > 0) text.append("        var zero = IntVector.broadcast(SPECIES, 0);%n".formatted());
        here.stream()
                .flatMap(v -> v.inputs.stream())
                .filter(v -> v.kind == Kind.LANES && v.segment < segment)
                .distinct()
                .forEach(v ->
                        text.append("        var v%d = zero.or(%s);%n".formatted(v.id, load("scratch", place(v)))));
        for (var value : here)
            if (!isInline(value) || value == result)
                text.append("        var v%d = %s;%n".formatted(value.id, expression(value)));
        for (var value : here)
            if (value.lastSegment > segment)
                text.append("        v%d.intoMemorySegment(scratch, %dL, ORDER);%n".formatted(value.id, place(value)));
        if (last) text.append("        return v%d.compare(VectorOperators.EQ, 0).anyTrue();%n".formatted(result.id));
        return text.append("    }\n").toString();
    }

    /** Written where it is used: it is used once, and in its own method. */
    private static boolean isInline(Value value) {
        return value.uses == 1 && value.lastSegment == value.segment;
    }

    private String expression(Value value) {
        return fill(value.java, value.inputs, input -> switch (input.kind) {
            case CONSTANT -> load("K", constants.get(input.constant) * bits / 8);
            case SCALAR -> load("scratch", scalars.get(input) * bits / 8);
            case LANES -> input.segment == value.segment && isInline(input) ? expression(input) : "v" + input.id;
        });
    }

    private int place(Value value) {
        return (scalars.size() + value.slot) * bits / 8;
    }

    private static String load(String from, int offset) {
        return "IntVector.fromMemorySegment(SPECIES, %s, %dL, ORDER)".formatted(from, offset);
    }

    private static String fill(String java, List<Value> inputs, Function<Value, String> name) {
        // the second first: what stands for the first may hold any text
        var second = inputs.size() > 1 ? name.apply(inputs.get(1)) : "";
        int at = java.indexOf("$1");
        if (at >= 0) java = java.substring(0, at) + second + java.substring(at + 2);
        at = java.indexOf("$0");
        return at < 0 ? java : java.substring(0, at) + name.apply(inputs.get(0)) + java.substring(at + 2);
    }

    private static boolean isPrime(int number) {
        for (int i = 2; i * i <= number; i++) if (number % i == 0) return false;
        return true;
    }

    private static int first32BitsOfTheFraction(double number) {
        return (int) (long) ((number - Math.floor(number)) * 0x1p32);
    }
}
