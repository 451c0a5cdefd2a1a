-- A city library in Redshift, with the storage settings and upkeep that such scripts carry around their tables.
create schema if not exists public;
set search_path to public;

create table branch (
    branch_id  int4 not null encode az64,
    name       char(30) not null,
    opened_on  date,
    remark     varchar(120),
    primary key (branch_id)
) diststyle all sortkey (branch_id);

create table author (
    author_id  int8 not null primary key,
    full_name  varchar(80) not null encode lzo,
    born_in    smallint
) diststyle all;

create table title (
    title_id   int8 not null distkey sortkey,
    isbn       char(13) not null,
    name       varchar(200) not null,
    list_price numeric(8,2) not null,
    primary key (title_id)
);

create table title_author (
    title_id   int8 not null,
    author_id  int8 not null,
    share      numeric(5,4) not null,
    primary key (title_id, author_id)
) distkey (title_id) compound sortkey (title_id, author_id);

create table member (
    member_id  int8 identity(1, 1) not null,
    email      varchar(120) not null,
    joined_at  timestamp not null default getdate(),
    branch_id  int4 not null,
    attributes super,
    primary key (member_id)
) distkey (member_id);

create table loan (
    member_id   int8 not null,
    loan_number int4 not null,
    title_id    int8 not null,
    lent_on     date not null encode raw,
    due_on      date not null,
    returned_on date,
    fine        numeric(8,2) not null,
    status      char(1) not null,
    primary key (member_id, loan_number)
) distkey (member_id) interleaved sortkey (lent_on, member_id);

vacuum loan;
analyze loan;
grant select on all tables in schema public to group readers;
