/* A softmax in C behind the protocol of crosscheck (docs/protocol.md): copy it, put your code in.
 *
 *     cc -O2 -o softmax softmax.c -lm
 *     crosscheck check --process ./softmax
 *
 * The numbers of the protocol are little-endian, and so must this machine be. float32 is computed in
 * double and rounded once. With --broken, softmax forgets to subtract the maximum. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_HEADER 65536
#define MOST_AXES 8
#define MOST_ARGUMENTS 2

typedef struct {
    long shape[MOST_AXES];
    int axes;
    double *numbers;
} Array;

static int broken;
static const char *at; /* where we are in the header */

static void fail(const char *what)
{
    fprintf(stderr, "softmax.c: %s\n", what);
    exit(2);
}

/* The header has its keys in a fixed order and no white space, so it is read like a sentence. */
static int eat(const char *text)
{
    size_t length = strlen(text);
    if (strncmp(at, text, length) != 0)
        return 0;
    at += length;
    return 1;
}

static void must(const char *text)
{
    if (!eat(text))
        fail(text);
}

static long natural(void)
{
    char *end;
    long value = strtol(at, &end, 10);
    if (end == at || value < 0)
        fail("a number is expected");
    at = end;
    return value;
}

static void word(char *out, size_t room)
{
    size_t length = strcspn(at, "\"");
    if (length >= room)
        fail("a name is too long");
    memcpy(out, at, length);
    out[length] = 0;
    at += length;
    must("\"");
}

static long count_of(const Array *a)
{
    long count = 1;
    for (int k = 0; k < a->axes; k++)
        count *= a->shape[k];
    return count;
}

static void *room_for(long count, size_t size)
{
    void *memory = malloc(count > 0 ? (size_t)count * size : 1);
    if (!memory)
        fail("out of memory");
    return memory;
}

/* The code under test: vectors of length n. */

static void softmax(const double *x, double *y, long n)
{
    double most = -INFINITY, sum = 0;
    for (long i = 0; i < n; i++)
        most = fmax(most, x[i]);
    if (broken)
        most = 0;
    for (long i = 0; i < n; i++)
        sum += y[i] = exp(x[i] - most);
    for (long i = 0; i < n; i++)
        y[i] /= sum;
}

static double dot(const double *a, const double *x, long n)
{
    double sum = 0;
    for (long i = 0; i < n; i++)
        sum += a[i] * x[i];
    return sum;
}

static void softmax_jvp(const double *x, const double *dx, double *out, long n)
{
    softmax(x, out, n);
    double mean = dot(out, dx, n);
    for (long i = 0; i < n; i++)
        out[i] *= dx[i] - mean;
}

static double sum_exp(const double *x, long n)
{
    double sum = 0;
    for (long i = 0; i < n; i++)
        sum += exp(x[i]);
    return sum;
}

/* One vector after the other; a sum has one axis less than its argument. */
static int compute(const char *constant, const Array *a, int arguments, Array *result)
{
    int pair = !strcmp(constant, "softmaxJvp") || !strcmp(constant, "dotCLM");
    int sums = !strcmp(constant, "sumExp") || !strcmp(constant, "dotCLM");
    if (arguments != 1 + pair || a[0].axes < 1 || (pair && count_of(&a[0]) != count_of(&a[1])))
        return 0;
    *result = a[0];
    long n = a[0].shape[a[0].axes - 1], rows = 1;
    for (int k = 0; k < a[0].axes - 1; k++)
        rows *= a[0].shape[k];
    result->axes -= sums;
    result->numbers = room_for(count_of(result), sizeof(double));
    for (long row = 0; row < rows; row++) {
        const double *x = a[0].numbers + row * n, *v = pair ? a[1].numbers + row * n : NULL;
        if (!strcmp(constant, "softmaxVec"))
            softmax(x, result->numbers + row * n, n);
        else if (!strcmp(constant, "softmaxJvp"))
            softmax_jvp(x, v, result->numbers + row * n, n);
        else if (!strcmp(constant, "sumExp"))
            result->numbers[row] = sum_exp(x, n);
        else
            result->numbers[row] = dot(x, v, n);
    }
    return 1;
}

/* The protocol. */

static void read_numbers(Array *a, int single)
{
    long count = count_of(a);
    void *data = room_for(count, single ? 4 : 8);
    if (fread(data, single ? 4 : 8, (size_t)count, stdin) != (size_t)count)
        fail("the input ended within numbers");
    a->numbers = room_for(count, sizeof(double));
    for (long k = 0; k < count; k++)
        a->numbers[k] = single ? (double)((float *)data)[k] : ((double *)data)[k];
    free(data);
}

static void send_result(long id, const Array *result, int single)
{
    long count = count_of(result);
    printf("{\"kind\":\"result\",\"id\":%ld,\"dtype\":\"%s\",\"shape\":[", id,
           single ? "float32" : "float64");
    for (int k = 0; k < result->axes; k++)
        printf("%s%ld", k ? "," : "", result->shape[k]);
    printf("],\"bytes\":%ld}\n", count * (single ? 4 : 8));
    for (long k = 0; k < count; k++) {
        float narrow = (float)result->numbers[k];
        fwrite(single ? (void *)&narrow : (void *)&result->numbers[k], single ? 4 : 8, 1, stdout);
    }
}

static void answer(void)
{
    char constant[64], dtype[16], device[16];
    Array a[MOST_ARGUMENTS], result;
    int arguments = 0;
    long id = natural();
    must(",\"constant\":\"");
    word(constant, sizeof constant);
    must(",\"dtype\":\"");
    word(dtype, sizeof dtype);
    must(",\"device\":\"");
    word(device, sizeof device);
    must(",\"arguments\":[");
    while (!eat("]")) {
        if (arguments == MOST_ARGUMENTS)
            fail("too many arguments");
        if (arguments)
            must(",");
        must("{\"shape\":[");
        a[arguments].axes = 0;
        while (!eat("]")) {
            if (a[arguments].axes == MOST_AXES)
                fail("too many axes");
            if (a[arguments].axes)
                must(",");
            a[arguments].shape[a[arguments].axes++] = natural();
        }
        must("}");
        arguments++;
    }
    must(",\"bytes\":");
    natural();
    int single = !strcmp(dtype, "float32");
    for (int k = 0; k < arguments; k++)
        read_numbers(&a[k], single);
    if (compute(constant, a, arguments, &result)) {
        send_result(id, &result, single);
        free(result.numbers);
    } else {
        printf("{\"kind\":\"error\",\"id\":%ld,\"message\":\"not the arguments of it\"}\n", id);
    }
    for (int k = 0; k < arguments; k++)
        free(a[k].numbers);
}

int main(int count, char **words)
{
    static char header[MOST_HEADER];
    long calls = 0;
    for (int k = 1; k < count; k++)
        broken |= !strcmp(words[k], "--broken");
    while (fgets(header, sizeof header, stdin)) {
        at = header;
        if (eat("{\"kind\":\"hello\"")) {
            printf("{\"kind\":\"hello\",\"protocol\":1,\"name\":\"softmax-c\",\"constants\":"
                   "{\"softmaxVec\":\"ieee\",\"softmaxJvp\":\"ieee\",\"sumExp\":\"ieee\","
                   "\"dotCLM\":\"ieee\"},\"dtypes\":[\"float64\",\"float32\"]}\n");
        } else if (eat("{\"kind\":\"call\",\"id\":")) {
            answer();
            calls++;
        } else if (eat("{\"kind\":\"bye\"}")) {
            printf("{\"kind\":\"bye\",\"calls\":%ld}\n", calls);
            return 0;
        } else {
            fail("no message that is known");
        }
        fflush(stdout);
    }
    return 0;
}
