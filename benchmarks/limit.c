/* The limit: the reduced rules of the layered regime as one compiled loop, on the same needs, ideas and core jobs.
   What is left out (transmission, requests, causes, learning) makes it faster than any full model could be. */
#include <math.h>
#include <stdlib.h>

typedef struct { double *left, *period; int *born, *kind, *thing, *next, n, *head, *tail; } Pool;

static double clip(double v, double low, double high) { return v < low ? low : v > high ? high : v; }

static void put(Pool *p, int queue, int kind, int thing, double hours, int born, double period) {
    int i = p->n++;
    p->left[i] = hours; p->period[i] = period; p->born[i] = born; p->kind[i] = kind; p->thing[i] = thing; p->next[i] = -1;
    if (p->tail[queue] < 0) p->head[queue] = i; else p->next[p->tail[queue]] = i;
    p->tail[queue] = i;
}

/* hours waiting in a queue and their mean urgency */
static double look(const Pool *p, int queue, int day, double *press) {
    double sum = 0, weight = 0;
    for (int i = p->head[queue]; i >= 0; i = p->next[i]) {
        sum += p->left[i];
        weight += p->left[i] * clip((day - p->born[i]) / p->period[i], .1, 1);
    }
    *press = sum > 0 ? weight / sum : 0;
    return sum;
}

static void split(int kinds, const double *pull_, const double *backlog, double hours, double *given) {
    double pull[4], room[4];
    for (int k = 0; k < kinds; k++) { pull[k] = backlog[k] > 0 ? pull_[k] : 0; room[k] = backlog[k]; given[k] = 0; }
    for (int round = 0; round < kinds; round++) {
        double total = 0, used = 0; int full = 0;
        for (int k = 0; k < kinds; k++) total += pull[k];
        if (total <= 0) return;
        for (int k = 0; k < kinds; k++) if (pull[k] > 0) {
            double share = pull[k] * hours / total, take = share < room[k] ? share : room[k];
            given[k] += take; used += take;
            if (share >= room[k]) { pull[k] = 0; full = 1; }
            room[k] -= take;
        }
        if (!full) return;
        hours -= used;
    }
}

static double luck(unsigned long long seed, unsigned long long key) {
    unsigned long long z = seed + (key + 1) * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return ((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

typedef struct {
    int days, streets, departments, cadres, residents, due, patience, problems, ideas, jobs, core_due, directive_due;
    double staff, h_int, h_exec, h_item, items, h_report, voice_base, voice_gain, reach, psi, v_err, threshold, alpha;
} Numbers;

/* returns the problems solved; trust and expectation (one a resident) are left as they ended */
int run(const Numbers *c, const int *born, const int *street, const int *resident, const int *domain,
        const double *hours, const double *tacit, const double *voice_luck, const unsigned char *authority,
        const int *idea_born, const int *idea_domain, const double *x, const double *theta,
        const int *job_born, const int *job_dept, const double *job_hours, float *trust, float *expectation) {
    int desks = c->streets * c->departments, queues = desks * 3 + c->departments * 3, solved = 0;
    int weeks = c->directive_due * 2 / 5 + 2, copies = c->ideas * c->streets;
    size_t room = (size_t)c->problems * 6 + c->jobs + (size_t)copies * (weeks + 1) + 16;
    Pool p = { malloc(room * 8), malloc(room * 8), malloc(room * 4), malloc(room * 4), malloc(room * 4), malloc(room * 4),
               0, malloc(queues * 4), malloc(queues * 4) };
    int *voiced = malloc(c->problems * 4 + 4), *waits = malloc(c->problems * 4 + 4), waiting = 0, np = 0, ni = 0, nj = 0;
    int *live = malloc(copies * 4 + 4), nlive = 0; char *on = calloc(copies + 1, 1);
    double knowledge = .5, per_desk = (double)c->cadres / c->departments;
    for (int q = 0; q < queues; q++) p.head[q] = p.tail[q] = -1;
    for (int day = 0; day < c->days; day++) {
        for (; np < c->problems && born[np] <= day; np++) { waits[waiting++] = np; voiced[np] = -1; }
        int kept = 0;
        for (int w = 0; w < waiting; w++) {                                        /* residents look once a week */
            int i = waits[w], who = street[i] * c->residents + resident[i];
            if (day - born[i] >= c->patience) continue;
            if ((day - born[i]) % 5 || voice_luck[i] >= c->voice_base * (1 + c->voice_gain * expectation[who])
                                                        * (.5 + .5 * trust[who])) { waits[kept++] = i; continue; }
            voiced[i] = day;
            int site = street[i] * c->departments + domain[i];
            if (authority[i]) put(&p, 3 * desks + 3 * domain[i] + 1, 2, i, hours[i] / 2 / c->reach, day, c->due);
            else put(&p, 3 * site + 2, 1, i, hours[i] * (1.5 - knowledge) * (1 + c->psi * .2), day, c->due);
        }
        waiting = kept;
        for (; nj < c->jobs && job_born[nj] <= day; nj++)
            put(&p, 3 * desks + 3 * job_dept[nj], 0, nj, job_hours[nj], day, c->core_due);
        for (; ni < c->ideas && idea_born[ni] <= day; ni++) for (int s = 0; s < c->streets; s++) {
            double clear = c->alpha * c->alpha, work = c->h_int * (1 - clear) + c->h_exec * 1.3 + c->items * c->h_item;
            int copy = ni * c->streets + s;
            put(&p, 3 * (s * c->departments + idea_domain[ni]) + 1, 3, copy, work, day, c->directive_due);
            live[nlive++] = copy; on[copy] = 1;
        }
        kept = 0;
        for (int l = 0; l < nlive; l++) {                                          /* a report a week and live copy */
            int copy = live[l], age = day - idea_born[copy / c->streets];
            if (!on[copy] || age > 2 * c->directive_due) { on[copy] = 0; continue; }
            live[kept++] = copy;
            if (age && age % 5 == 0)
                put(&p, 3 * (copy % c->streets * c->departments + idea_domain[copy / c->streets]), 4, copy, c->h_report, day, 5);
        }
        nlive = kept;
        for (int place = 0; place < desks + c->departments; place++) {             /* split the day, serve in order */
            double backlog[3], press[3], pull[3], given[3], weight[3] = { .5, .35, .15 };
            for (int k = 0; k < 3; k++) {
                backlog[k] = look(&p, 3 * place + k, day, press + k);
                pull[k] = weight[k] * press[k];
            }
            split(3, pull, backlog, place < desks ? 8 * per_desk : 8 * c->staff, given);
            for (int k = 0; k < 3; k++) for (int q = 3 * place + k, i = p.head[q]; i >= 0; i = p.head[q]) {
                int thing = p.thing[i], old = (p.kind[i] == 1 || p.kind[i] == 2) && day - born[thing] >= c->patience;
                if (!old && p.left[i] > given[k]) { p.left[i] -= given[k]; break; }
                if (!old) given[k] -= p.left[i];
                p.head[q] = p.next[i];
                if (p.head[q] < 0) p.tail[q] = -1;
                if (p.kind[i] == 3) {
                    double misfit = fabs(x[thing / c->streets] - theta[thing % c->streets * c->departments + idea_domain[thing / c->streets]]);
                    on[thing] = 0; knowledge += misfit > 1 - c->threshold ? 0 : 1e-9;
                } else if (p.kind[i] == 1 || p.kind[i] == 2) {
                    int who = street[thing] * c->residents + resident[thing], wait = day - voiced[thing];
                    if (!old && luck(1, thing) >= 1 - tacit[thing] * (1 - knowledge)) continue;
                    double sat = clip((old ? 0 : 1 - wait / (2. * c->due)) - .3 * (expectation[who] - .5), 0, 1);
                    trust[who] = clip(trust[who] + .1 * (sat - trust[who]), 0, 1);
                    expectation[who] = clip(expectation[who] + .05 * ((!old && wait <= c->due) - .5), 0, 1);
                    solved += !old;
                }
            }
        }
    }
    free(p.left); free(p.period); free(p.born); free(p.kind); free(p.thing); free(p.next); free(p.head); free(p.tail);
    free(voiced); free(waits); free(live); free(on);
    return solved;
}

/* memory triad a = b + s * c (McCalpin's STREAM) */
void triad(double *a, const double *b, const double *c, double s, long n) {
    for (long i = 0; i < n; i++) a[i] = b[i] + s * c[i];
}
